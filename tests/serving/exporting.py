"""Exports of a running service, as its callers ask for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx


def eventually(look: Callable[[], Any]) -> Any:
    """Look again and again until something is seen."""
    patience = time.monotonic() + 60
    while not (seen := look()):
        assert time.monotonic() < patience, "it never came"
        time.sleep(0.02)
    return seen


def begun(caller: httpx.Client, **filters: Any) -> str:
    answer = caller.post("/api/events/export", params=filters)
    assert answer.status_code == 202, answer.text
    return answer.json()["rq_id"]


def ended(caller: httpx.Client, id: str) -> dict[str, Any]:
    """Return the request when it has ended."""

    def look() -> dict[str, Any] | None:
        request = caller.get(f"/api/requests/{id}").raise_for_status().json()
        return request if request["status"] in ("finished", "failed") else None

    return eventually(look)


def downloaded(caller: httpx.Client, **filters: Any) -> bytes:
    """Return the CSV of an export."""
    request = ended(caller, begun(caller, **filters))
    assert request["status"] == "finished", request
    return caller.get(request["result_url"]).raise_for_status().content
