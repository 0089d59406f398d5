"""What a caller may see: every query of both APIs takes its bounds from here, from nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from serving.callers.caller import Caller, Role
from serving.refusal import Refused

LEADERS = (Role.OWNER, Role.MAINTAINER)
"""Who sees the whole of their organization."""


@dataclass(frozen=True)
class Sight:
    """The rows a caller may see: those with these ids; None is no bound."""

    org_id: str | None = None
    user_id: str | None = None

    def bounds(self) -> dict[str, str]:
        """Return column -> the one value it may have: a condition of every query."""
        return {name: value for name, value in vars(self).items() if value is not None}


def sight_of(caller: Caller) -> Sight:
    """Return what the caller may see.

    An administrator sees everything, or inside an organization what is that organization's. Its
    owner and maintainers see what is the organization's. Anyone else sees what they did themselves,
    inside an organization what they did there.
    """
    if caller.role is Role.ADMIN or (caller.role in LEADERS and caller.org_id is not None):
        return Sight(org_id=caller.org_id)
    return Sight(org_id=caller.org_id, user_id=caller.user_id)


def check_asked(sight: Sight, column: str, values: list[str], field: str) -> None:
    """Refuse (403) a filter for ids beyond what may be seen; `field` is its public name."""
    bound = sight.bounds().get(column)
    if bound is not None and any(value != bound for value in values):
        raise Refused(403, f"{field} asks for more than you may see: only {bound!r} is yours")
