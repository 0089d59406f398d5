"""Who asks: what a token or the users file says of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is: `admin` of the whole warehouse, the others of an organization."""

    ADMIN = "admin"
    OWNER = "owner"
    MAINTAINER = "maintainer"
    SUPERVISOR = "supervisor"
    WORKER = "worker"


@dataclass(frozen=True)
class Caller:
    """One authenticated caller. Ids are those of the events."""

    user_id: str
    role: Role
    org_id: str | None = None
    """The organization they act in, None outside of any."""
    name: str | None = None
    email: str | None = None
    org_slug: str | None = None
    """The organization's short name in CVAT, where it is known."""


LOCAL = Caller("local", Role.ADMIN)
"""Who sits at the machine itself: the command line, and a service without a key on loopback."""
