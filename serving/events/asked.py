"""Which events a request is about: CVAT's filters, within what its caller may see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BeforeValidator, Field

from orchestration.commands.export_events import read_time
from orchestration.errors import UsageError
from orchestration.export import EventFilter
from serving.callers.caller import Caller
from serving.callers.sight import check_asked, sight_of
from serving.parameters import check_parameters
from serving.refusal import Refused

PARAMETERS = (
    *("org_id", "project_id", "task_id", "job_id", "user_id", "from", "to", "filename"),
    *("action", "query_id", "location", "cloud_storage_id", "org"),
)
"""What CVAT's clients send in the query string of an export."""

Id = Annotated[
    Annotated[int, Field(ge=0, lt=2**63)] | None,
    # As CVAT has it, an empty filter is none.
    BeforeValidator(lambda text: text or None),
    Query(description="Only events with this id"),
]

LONGEST_TIME = 64
"""Characters of a time."""

PLUS_READ_AS_SPACE = re.compile(r"(T[^ ]+) (\d\d(:?\d\d)?)$", re.ASCII)
"""The end of a time whose zone lost its plus in a query string that nobody escaped."""


@dataclass(frozen=True)
class Filters:
    """What the query string says, before it is known who asks."""

    ids: dict[str, str]
    first_at: datetime | None
    last_at: datetime
    filename: str | None


def filters(
    request: Request,
    org_id: Id = None,
    project_id: Id = None,
    task_id: Id = None,
    job_id: Id = None,
    user_id: Id = None,
    first: Annotated[
        str | None,
        Query(alias="from", description="The earliest event time (ISO 8601), itself included"),
    ] = None,
    last: Annotated[
        str | None,
        Query(alias="to", description="The latest one, itself included; now without it"),
    ] = None,
    filename: Annotated[str | None, Query(description="What the file is to be called")] = None,
    location: Annotated[str | None, Query(description="`local`; there is no other")] = None,
) -> Filters:
    """Read the query string: a dependency. Raises Refused (400)."""
    check_parameters(request, PARAMETERS)
    if location not in (None, "", "local"):
        raise Refused(400, f"location is {location!r}; results can only be downloaded: local")
    ids = {
        "org_id": org_id,
        "project_id": project_id,
        "task_id": task_id,
        "job_id": job_id,
        "user_id": user_id,
    }
    first_at = _time(first, "from")
    last_at = _time(last, "to") or datetime.now(UTC).replace(tzinfo=None)
    if first_at is not None and first_at > last_at:
        raise Refused(400, "'from' must be before than 'to'")
    given = {name: str(id) for name, id in ids.items() if id is not None}
    return Filters(given, first_at, last_at, filename)


def within_sight(filters: Filters, caller: Caller) -> EventFilter:
    """Return which events are chosen: those asked for that the caller may see.

    Raises Refused (403) where more is asked for.
    """
    sight = sight_of(caller)
    for name, id in filters.ids.items():
        check_asked(sight, name, [id], name)
    bounded = filters.ids | sight.bounds()
    return EventFilter(**bounded, first_at=filters.first_at, last_at=filters.last_at)


def _time(text: str | None, name: str) -> datetime | None:
    if not text:
        return None
    if len(text) > LONGEST_TIME:
        raise Refused(400, f"'{name}' is {text[:40]!r}..., which is too long for a time")
    try:
        return read_time(PLUS_READ_AS_SPACE.sub(r"\1+\2", text), f"'{name}'")
    except UsageError as error:
        raise Refused(400, str(error)) from None
