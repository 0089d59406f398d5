"""A service over a home, as a process of its own, and what its callers need."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from orchestration.home import PROJECT, Home
from tests.serving.running import KEY, bearer


@dataclass
class Running:
    """A service that listens, and the process that it is."""

    address: str
    process: subprocess.Popen

    def caller(self, user: str = "1", role: str = "admin", org: str | None = None) -> httpx.Client:
        headers = bearer(role, org, user)
        return httpx.Client(base_url=self.address, headers=headers, timeout=60)


@contextmanager
def running(home: Home, *, limit_files: int | None = None, **environment: str) -> Iterator[Running]:
    """Serve the home; `limit_files` is the size in bytes that no file may exceed."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_files, limit_files))

    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration", "serve", "--port", "0"],
        cwd=PROJECT,
        env={
            **os.environ,
            "WAREHOUSE_HOME": str(home.root),
            "WAREHOUSE_JWT_KEY": KEY,
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=limit if limit_files else None,
    )
    try:
        said = re.search(r"http://[^, ]+", process.stdout.readline())
        assert said, "the service does not start"
        yield Running(said[0], process)
    finally:
        process.terminate()
        process.communicate()


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
