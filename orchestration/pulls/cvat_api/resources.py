"""Which resources are pulled, and what is kept of each: what does not change by mere use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.landing.cvat_resources import RESOURCES

ENDPOINTS = {resource: f"{resource}s" for resource in RESOURCES}
"""Resource -> its name in the paths of CVAT's API."""

KEPT: dict[str, tuple[str, ...]] = {
    "organization": ("slug", "name", "owner", "created_date"),
    "project": ("name", "organization", "owner", "assignee", "status", "created_date"),
    "task": (
        "name",
        "organization",
        "project_id",
        "owner",
        "assignee",
        "status",
        "subset",
        "mode",
        "dimension",
        "size",
        "created_date",
    ),
    "job": (
        "organization",
        "project_id",
        "task_id",
        "parent_job_id",
        "assignee",
        "stage",
        "state",
        "type",
        "frame_count",
        "start_frame",
        "stop_frame",
        "created_date",
    ),
    "label": ("name", "type", "color", "project_id", "task_id", "parent_id"),
    "user": (
        "username",
        "email",
        "first_name",
        "last_name",
        "is_active",
        "is_staff",
        "date_joined",
    ),
    "issue": ("job", "frame", "owner", "assignee", "resolved", "created_date"),
}
"""Resource -> the keys of the API that land. `updated_date`, `last_login` and the counts of what
belongs to a resource are left out: they change with every save, and say nothing of names."""

Resource = tuple[int, dict[str, Any]]
"""A resource's id and its attributes."""


def kept(resource: str, shown: Mapping[str, Any]) -> Iterator[Resource]:
    """Yield what is kept of one resource as the API shows it; of a skeleton, its labels too."""
    yield shown["id"], {key: _value(shown.get(key)) for key in KEPT[resource]}
    # The list of labels shows those of a skeleton only inside of it, and without where they belong.
    for inner in shown.get("sublabels") or () if resource == "label" else ():
        belongs = {key: shown.get(key) for key in ("project_id", "task_id")}
        yield from kept(resource, {**inner, **belongs, "parent_id": shown["id"]})


def _value(value: Any) -> Any:
    """Return a user by the id alone, everything else as it is."""
    return value.get("id") if isinstance(value, dict) else value
