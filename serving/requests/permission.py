"""Who may have what an export holds."""

from __future__ import annotations

from serving.callers.caller import Caller, Role
from serving.callers.sight import sight_of
from serving.refusal import Refused
from serving.requests.exports import Exports
from serving.requests.job import Job


def own_export(exports: Exports, id: str, caller: Caller) -> Job:
    """Return the caller's export of that id.

    Raises Refused: 404 where there is none (any more), 403 where it is somebody else's.
    """
    job = exports.find(id)
    if job is None:
        raise Refused(404, "There is no request with specified id")
    if job.owner_id != caller.user_id:
        raise Refused(403, "This request is somebody else's")
    return job


def check_still_seen(job: Job, caller: Caller) -> None:
    """Refuse (403) a result with more in it than its owner may see by now.

    What people did themselves they may have, whatever organization they act in at the moment.
    """
    own = job.chosen.user_id == caller.user_id
    bounds = sight_of(caller).bounds()
    seen = all(getattr(job.chosen, name) == value for name, value in bounds.items())
    if not (own or seen or caller.role is Role.ADMIN):
        raise Refused(403, "This export holds more than you may see by now: ask for it again")
