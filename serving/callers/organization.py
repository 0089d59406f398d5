"""The organization that a request names, as CVAT's clients do: it must be the caller's to name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fastapi import Request

from serving.callers.caller import Caller, Role
from serving.refusal import Refused

FindOrganization = Callable[[str], list[str]]
"""Slug -> the ids of the organizations that have it."""


def in_organization(caller: Caller, request: Request, find: FindOrganization) -> Caller:
    """Return the caller inside of the organization that `X-Organization` or `?org=` names.

    An administrator may name any, anyone else the one they are in. Raises Refused: 400 where the
    two name different ones, 403 for another's, 404 where an administrator names none that is known.
    """
    said = {request.headers.get("X-Organization"), request.query_params.get("org")} - {None, ""}
    if not said:
        return caller
    if len(said) > 1:
        raise Refused(400, "X-Organization and org name different organizations")
    (slug,) = said
    if slug in (caller.org_id, caller.org_slug):
        return caller
    ids = find(slug)
    if caller.role is Role.ADMIN and caller.org_id is None:
        if not ids:
            raise Refused(404, f"There is no organization {slug!r}")
        if len(ids) > 1:
            raise Refused(400, f"{slug!r} names several organizations: name one by org_id")
        return replace(caller, org_id=ids[0], org_slug=slug)
    if caller.org_id not in ids or caller.org_id is None:
        raise Refused(403, f"The organization {slug!r} is not yours")
    return replace(caller, org_slug=slug)
