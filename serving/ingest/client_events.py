"""Client events that a caller sends: checked as CVAT does, moved to the server's clock."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any

import duckdb
from pydantic import AfterValidator, BaseModel, BeforeValidator, ValidationError

from orchestration.home import PROJECT
from orchestration.landing.trial import first_problem
from serving.callers.caller import Caller
from serving.refusal import Refused

NOT_STORED = "user:activity"
"""The scope that counts for working time and is no event, as in CVAT."""


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("it may not be blank")
    return text


def _is_iso(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("it must be a time as text, such as 2026-01-31T09:00:00.000Z")
    return value


def _in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except OverflowError:
        raise ValueError("it is out of range") from None


def _object_as_text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


Text = Annotated[str, AfterValidator(_filled)]
Time = Annotated[datetime, BeforeValidator(_is_iso), AfterValidator(_in_utc)]
Payload = Annotated[Text, BeforeValidator(_object_as_text)]


class ClientEvent(BaseModel):
    """One event of CVAT's browser. Duration in ms."""

    scope: Text
    obj_name: Text | None = None
    obj_id: int | None = None
    obj_val: Text | None = None
    source: Text | None = None
    timestamp: Time
    count: int | None = None
    duration: int = 0
    project_id: int | None = None
    task_id: int | None = None
    job_id: int | None = None
    user_id: int | None = None
    user_name: Text | None = None
    user_email: Text | None = None
    org_id: int | None = None
    org_slug: Text | None = None
    payload: Payload | None = None


class ClientEvents(BaseModel):
    """A batch of events, the last one before them, and when the browser sent it."""

    events: list[ClientEvent] = []
    previous_event: ClientEvent | None = None
    timestamp: Time


@dataclass(frozen=True)
class Batch:
    """A batch that can be taken."""

    answer: dict[str, Any]
    """The validated body."""
    lines: dict[str, list[str]] = field(default_factory=dict)
    """Kind of log -> its lines: the batch as it was captured, and the events in it."""
    count: int = 0
    """How many events."""


def checked(
    connection: duckdb.DuckDBPyConnection, body: Any, caller: Caller, received_at: datetime
) -> Batch:
    """Return a posted body as a batch of the caller. `received_at` is UTC without a zone.

    Raises Refused: 400 naming what is wrong, 403 for a caller who is no user of CVAT.
    """
    sender = _sender(caller)
    try:
        sent = ClientEvents.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "The body"
        raise Refused(400, f"{place}: {first['msg'].removeprefix('Value error, ')}") from None
    for number, event in enumerate(sent.events):
        if event.scope not in client_scopes():
            raise Refused(400, f"events.{number}.scope: {event.scope!r} is no scope of a client")
    correction = received_at - sent.timestamp
    captured = json.dumps(
        {
            "received_at": _iso(received_at),
            "timestamp": _iso(sent.timestamp),
            **sender,
            "previous_event": sent.previous_event and _as_sent(sent.previous_event),
            "events": [_as_sent(event) for event in sent.events],
        },
        ensure_ascii=False,
    )
    # What landing accepts is said in one place: a batch that it would not take whole is none.
    if problem := first_problem(connection, "cvat_client_batches", [captured]):
        raise Refused(400, problem[1])
    moved = [_moved(event, correction, sender) for event in sent.events]
    answer = {
        "events": moved,
        "previous_event": sent.previous_event and _moved(sent.previous_event, correction, {}),
        "timestamp": _iso(sent.timestamp),
    }
    if not moved:
        return Batch(answer)
    stored = [
        # Milliseconds, as CVAT stores them and as those of captured batches are cut.
        json.dumps({**event, "timestamp": event["timestamp"][:23] + "Z"}, ensure_ascii=False)
        for event in moved
        if event["scope"] != NOT_STORED
    ]
    return Batch(
        answer, {"cvat_client_batches": [captured], "cvat_events": stored}, len(sent.events)
    )


@cache
def client_scopes() -> frozenset[str]:
    """Return the scopes that a client sends, in both vocabularies."""
    with (PROJECT / "seeds" / "event_scopes.csv").open(encoding="utf-8", newline="") as rows:
        return frozenset(row["scope"] for row in csv.DictReader(rows) if row["source"] == "client")


def _sender(caller: Caller) -> dict[str, Any]:
    """Return the fields that say who did it and where: the caller, whatever the body says."""
    ids = {"user_id": caller.user_id, "org_id": caller.org_id}
    for name, value in ids.items():
        if value is not None and not (value.isascii() and value.isdecimal()):
            raise Refused(
                403, f"Your {name} is {value!r}, and in CVAT it is a number: events are a user's"
            )
    return {
        "user_id": int(caller.user_id),
        "user_name": caller.name,
        "user_email": caller.email,
        "org_id": None if caller.org_id is None else int(caller.org_id),
        "org_slug": caller.org_slug,
    }


_NOT_CLIENTS = {"source", "user_id", "user_name", "user_email", "org_id", "org_slug"}


def _as_sent(event: ClientEvent) -> dict[str, Any]:
    said = event.model_dump(exclude_unset=True, exclude=_NOT_CLIENTS)
    return {**said, "timestamp": _iso(event.timestamp)}


def _moved(event: ClientEvent, correction: timedelta, sender: dict[str, Any]) -> dict[str, Any]:
    source = {"source": "client"} if sender else {}
    said = {"duration": 0, **_as_sent(event)}
    return {**said, "timestamp": _iso(event.timestamp + correction), **source, **sender}


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="microseconds") + "Z"
