"""Samples that a caller sends: whether they may, and whether landing would accept them."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from orchestration.landing.trial import first_problem
from serving.callers.caller import Caller, Role
from serving.callers.sight import sight_of
from serving.refusal import Refused


def checked(connection: duckdb.DuckDBPyConnection, body: Any, caller: Caller) -> list[str]:
    """Return the samples of a body as JSON lines.

    Raises Refused: 400 for the first that cannot be accepted, 403 for the first that is not the
    caller's to send.
    """
    if not isinstance(body, list):
        raise Refused(400, "The body must be an array of samples")
    for number, sample in enumerate(body, 1):
        if not isinstance(sample, dict):
            raise Refused(400, f"Sample {number} is no object")
    lines = [json.dumps(sample, ensure_ascii=False) for sample in body]
    if problem := first_problem(connection, "platform_samples", lines):
        number, sentence = problem
        raise Refused(400, f"Sample {number}: {sentence}")
    for number, sample in enumerate(body, 1):
        _check_is_theirs(sample, caller, number)
    return lines


def _check_is_theirs(sample: dict[str, Any], caller: Caller, number: int) -> None:
    """Refuse what the caller would not see: another's user id, another organization."""
    is_old = not sample.get("eventType")
    context = sample if is_old else sample["context"]
    bound = sight_of(caller).user_id
    if bound is not None and _texts(context, "userId") != {bound}:
        raise Refused(
            403, f"Sample {number}: context.userId must be {bound!r}: only those are yours"
        )
    if caller.role is Role.ADMIN and caller.org_id is None:
        return
    own = {caller.org_id} - {None}
    if _texts(context, "orgId", "projectOrgId") != own:
        what = f"be {caller.org_id!r}" if own else "be empty, since you are in no organization"
        raise Refused(403, f"Sample {number}: context.projectOrgId must {what}")


def _texts(context: dict[str, Any], *keys: str) -> set[str]:
    """Return what stands under these keys, as text."""
    return {str(context[key]) for key in keys if context.get(key) not in (None, "")}
