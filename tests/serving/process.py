"""`warehouse serve` over a home, as a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import httpx

from orchestration.home import PROJECT, Home
from tests.serving.running import KEY, bearer


@dataclass
class Running:
    """A service that listens."""

    address: str
    said: str
    """Its first line."""
    process: subprocess.Popen[str]
    errors: IO[str]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def caller(self, user: str = "1", role: str = "admin", org: str | None = None) -> httpx.Client:
        headers = bearer(role, org, user)
        return httpx.Client(base_url=self.address, headers=headers, timeout=60)

    def log(self) -> str:
        """Wait for its end and return what it logged."""
        self.process.wait(20)
        self.errors.seek(0)
        return self.errors.read()


def environment(home: Home, **more: str) -> dict[str, str]:
    """Return an environment in which nothing is said about a warehouse but this."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("WAREHOUSE_")}
    return {**kept, "WAREHOUSE_HOME": str(home.root), **more}


@contextmanager
def running(
    home: Home, *, key: str | None = KEY, limit_files: int | None = None, **more: str
) -> Iterator[Running]:
    """Serve the home on a free port; `limit_files` is the size in bytes that no file may exceed."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_files, limit_files))

    if key:
        more["WAREHOUSE_JWT_KEY"] = key
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestration", "serve", "--port", "0"],
            cwd=PROJECT,
            env=environment(home, **more),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            preexec_fn=limit if limit_files else None,
        )
        try:
            said = process.stdout.readline()
            address = re.match(r"Listening on (http://127\.0\.0\.1:\d+)", said)
            if not address:
                process.wait()
                errors.seek(0)
            assert address, said or errors.read()
            yield Running(address[1], said, process, errors)
        finally:
            process.terminate()
            process.communicate()
