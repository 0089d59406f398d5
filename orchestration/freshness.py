"""What a refresh would have to do: the question that schedule, refresh and status share."""

from __future__ import annotations

from orchestration.build.fingerprint import build_fingerprint
from orchestration.build.record import BuildRecord, read_record
from orchestration.home import PROJECT, Home
from orchestration.inbox import logs, remembered, state
from orchestration.intake import waiting
from orchestration.landing import loads as landed_loads
from orchestration.publish import is_published
from orchestration.pulls import unpulled


def unlanded(home: Home, *, settled_after_s: float = 0.0) -> bool:
    """Say whether the inbox changed since all of it landed.

    Files that changed less than settled_after_s seconds ago are not looked at.
    """
    files = logs(home, settled_after_s=settled_after_s)
    return bool(files) and state(files) != remembered(home)


def current_build(home: Home, variables: dict[str, object]) -> BuildRecord | None:
    """Return the record of the build file if a build would change nothing, else None."""
    record = read_record(home)
    if record is None or not home.build_file.exists():
        return None
    if record.fingerprint != build_fingerprint(PROJECT, landed_loads(home), variables):
        return None
    return record


def what_is_new(home: Home, *, settled_after_s: float = 0.0) -> str | None:
    """Return the first reason for a refresh, None where it would change nothing."""
    if unlanded(home, settled_after_s=settled_after_s):
        return "the inbox holds files that have not landed"
    if waiting(home):
        return "the service took posts that have not landed"
    if reason := unpulled(home):
        return reason
    if not landed_loads(home):
        return None
    record = current_build(home, {})
    if record is None:
        return "what has landed is not built"
    if not is_published(home, record):
        return "what is built is not published"
    return None
