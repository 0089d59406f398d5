"""The route of the API over a real port: payload in, answer out, examples in the document."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import duckdb
import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from serving.analytics.examples import examples
from serving.analytics.router import router
from serving.callers.caller import Caller, Role
from serving.refusal import Refused
from serving.settings import Settings
from serving.wire import current_caller
from tests.analytics.conftest import Ask


@pytest.fixture(scope="module")
def client(oddities: duckdb.DuckDBPyConnection) -> Iterator[httpx.Client]:
    """Return a client of the route alone; whoever calls is somebody of an organization."""

    @contextmanager
    def reading() -> Iterator[duckdb.DuckDBPyConnection]:
        with oddities.cursor() as cursor:
            yield cursor

    app = FastAPI()
    app.state.service = SimpleNamespace(reading=reading, settings=Settings())
    app.dependency_overrides[current_caller] = lambda: Caller("7", Role.WORKER)
    app.include_router(router())

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> JSONResponse:
        return JSONResponse({"status": error.status, "message": error.message}, error.status)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=60) as one:
            yield one
        server.should_exit = True
        thread.join()


PATH = "/api/v1/analytics/query"


def test_a_payload_is_answered_with_what_the_caller_may_see(client: httpx.Client, ask: Ask) -> None:
    payload = examples()["userStatsActivityTime"]
    answered = client.post(PATH, json=payload)
    assert answered.status_code == 200
    assert {row["userId"] for row in answered.json()[0]["response"]} == {"7"}
    assert len(ask(payload)[0]["response"]) > len(answered.json()[0]["response"]) > 0


def test_what_is_wrong_is_400_with_the_field(client: httpx.Client) -> None:
    for content, line in ((b"", "The body is empty"), (b"{}", "startTime is missing")):
        answered = client.post(PATH, content=content)
        assert answered.status_code == 400
        assert answered.json()["message"].startswith(line)


def test_the_document_shows_an_example_of_each_measure(client: httpx.Client) -> None:
    operation = client.get("/openapi.json").json()["paths"][PATH]["post"]
    (body,) = operation["requestBody"]["content"].values()
    assert {name: one["value"] for name, one in body["examples"].items()} == examples()
    assert set(body["schema"]["required"]) == {"startTime", "measures"}
