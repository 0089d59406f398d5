"""The service as its callers meet it: a real server on a real port, and tokens it believes."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import jwt
import uvicorn
from fastapi import FastAPI

from orchestration.build.record import BuildRecord, write_record
from orchestration.home import Home
from orchestration.publish import publish
from serving.app import create_app
from serving.settings import Settings

KEY = "the-key-that-only-the-tests-know-of"
SETTINGS = Settings(jwt_key=KEY)


def token(role: str | None = "admin", org: str | None = None, user: str = "1", **more: Any) -> str:
    """Return a bearer token that is good for an hour, with claims to add or (None) to leave out."""
    claims = {"sub": user, "role": role, "org_id": org, "exp": time.time() + 3600, **more}
    said = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(said, KEY, "HS256")


def bearer(*who: str | None, **claims: Any) -> dict[str, str]:
    """Return the header that says who calls: role, organization, user."""
    return {"Authorization": f"Bearer {token(*who, **claims)}"}


def published(build_of: Home, root: Path) -> Home:
    """Return a home whose readers see the build of another."""
    home = Home(root)
    shutil.copytree(build_of.root, root, dirs_exist_ok=True)
    with duckdb.connect(str(home.build_file), read_only=True) as file:
        (through,) = file.execute("select max(event_at)::varchar from core.fct_events").fetchone()
    write_record(
        home,
        BuildRecord(
            build_id="20260105T090000000Z-0dd171",
            fingerprint="of the tests",
            started_at="2026-01-05T09:00:00+00:00",
            finished_at="2026-01-05T09:00:07+00:00",
            loads=[],
            variables={},
            data_through={"cvat_events": through},
        ),
    )
    publish(home)
    return home


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve the app on a free port while the block runs; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def served_home(home: Home, settings: Settings = SETTINGS) -> Iterator[str]:
    """Serve a home while the block runs; gives the address."""
    with serving(create_app(home, settings)) as url:
        yield url
