"""What surrounds every request: ids, errors, limits, log lines, health and numbers."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, Request

from orchestration.home import Home
from serving.app import create_app
from serving.settings import Settings
from serving.wire import NESTING, WAITING, service
from tests.serving.running import KEY, SETTINGS, bearer, served_home, serving

EVENTS = "/api/events"
LIMIT = 2_000


def refusal(response: httpx.Response) -> tuple[int, str]:
    said = response.json()
    assert set(said) == {"status", "message"}
    assert said["status"] == response.status_code
    assert uuid.UUID(response.headers["X-Request-Id"])
    return said["status"], said["message"]


# Request ids and errors


def test_every_answer_has_an_id(client: httpx.Client) -> None:
    seen = {
        str(uuid.UUID(client.request(method, path, headers=headers).headers["X-Request-Id"]))
        for method, path, headers in [
            ("GET", "/health", {}),
            ("GET", "/nowhere", bearer()),
            ("GET", "/api/v1/users/me", {}),
            ("DELETE", "/api/v1/users/me", bearer()),
            ("POST", EVENTS, bearer()),
            ("GET", "/health", {"X-Request-Id": "not-a-uuid"}),
        ]
    }
    assert len(seen) == 6


def test_an_id_that_a_proxy_gave_is_kept(client: httpx.Client) -> None:
    given = "0b6f3c1e-6f0e-4a39-9c7a-3a4f6f1f2d11"
    assert client.get("/health", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


def test_errors_have_one_form(client: httpx.Client) -> None:
    me = bearer()
    assert refusal(client.get("/nowhere", headers=me))[0] == 404
    assert refusal(client.get("/nowhere"))[0] == 401
    response = client.get("/api/v1/datasets/query", headers=me)
    assert refusal(response)[0] in (404, 405)
    response = client.delete("/api/v1/users/me", headers=me)
    assert refusal(response)[0] == 405
    assert response.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "not JSON"),
        (b"{} {}", "not JSON"),
        (b'{"a": NaN}', "NaN is no number"),
        (b"[Infinity]", "Infinity is no number"),
        (b"[1e999]", "too large"),
        (b"[" + b"9" * 1500 + b"." + b"9" * 200 + b"]", "too large"),
        (b"[" * (NESTING + 1) + b"]" * (NESTING + 1), "nested deeper"),
        (b"[" * 1900, "nested deeper"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "nested deeper"),
        (b'"\xff"', "not UTF-8"),
        (b'["\\ud800"]', "not UTF-8"),
        (b"null", "dictionary"),
    ],
)
def test_a_body_that_is_no_json_is_the_callers_fault(limited: str, body: bytes, why: str) -> None:
    status, message = refusal(
        httpx.post(limited + EVENTS, content=body, headers=bearer("worker", "1", "9"))
    )
    assert status == 400
    assert why in message


# Sizes


@pytest.fixture(scope="module")
def limited(published_home: Home) -> Iterator[str]:
    """A service with small limits, and with routes that go wrong or take long."""
    app = create_app(published_home, Settings(jwt_key=KEY, body_limit=LIMIT, queries=1, query_s=1))
    routes = APIRouter()

    @routes.get("/tests/fault")
    def fault() -> None:
        raise RuntimeError("the secret inside")

    @routes.get("/tests/long")
    def long(request: Request) -> None:
        with service(request).reading() as warehouse:
            warehouse.execute("select count(*) from range(10000000000) a where hash(a.range) = 7")

    @routes.get("/tests/short")
    def short(request: Request) -> int:
        with service(request).reading() as warehouse:
            return warehouse.execute("select count(*) from core.dim_projects").fetchone()[0]

    app.include_router(routes)
    with serving(app) as url:
        yield url


def test_a_body_may_be_as_large_as_the_limit(limited: str) -> None:
    me = bearer("worker", "1", "9")
    for size, status in ((LIMIT, 200), (LIMIT + 1, 413)):
        body = b"[" + b" " * (size - 2) + b"]"
        path = f"{limited}/api/v1/analytics/metric"
        assert httpx.post(path, content=body, headers=me).status_code == status
        # Without a Content-Length, in chunks.
        assert httpx.post(path, content=iter([body]), headers=me).status_code == status


def test_what_is_too_large_is_not_read_to_its_end(limited: str) -> None:
    """Of a body that never ends the first bytes are enough, and of a long one its length."""
    host, port = limited.removeprefix("http://").split(":")
    authorization = "Authorization: {Authorization}\r\n".format(**bearer())
    chunk = b"%x\r\n%s\r\n" % (LIMIT + 1, b" " * (LIMIT + 1))
    for header, sent in (
        ("Content-Length: 999999999", b"["),
        ("Transfer-Encoding: chunked", chunk),
    ):
        with socket.create_connection((host, int(port)), timeout=10) as wire:
            wire.sendall(
                f"POST {EVENTS} HTTP/1.1\r\nHost: a\r\n{authorization}{header}\r\n\r\n".encode()
                + sent
            )
            assert wire.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_stranger_sends_no_body(limited: str) -> None:
    host, port = limited.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(f"POST {EVENTS} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n".encode())
        assert wire.recv(1000).startswith(b"HTTP/1.1 401 ")


def test_who_goes_away_in_the_middle_is_no_fault(
    limited: str, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = limited.removeprefix("http://").split(":")
    authorization = "Authorization: {Authorization}\r\n".format(**bearer())
    head = f"POST {EVENTS} HTTP/1.1\r\nHost: a\r\n{authorization}Content-Length: 9\r\n\r\n"
    with caplog.at_level(logging.INFO, "serving"):
        with socket.create_connection((host, int(port)), timeout=10) as wire:
            wire.sendall(head.encode() + b"[")
        while not caplog.records:
            time.sleep(0.01)
    (line,) = (json.loads(record.message) for record in caplog.records)
    assert line["status"] == 499


# Faults and limits of time


def test_a_fault_tells_the_caller_nothing_but_its_id(
    limited: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "serving"):
        response = httpx.get(f"{limited}/tests/fault", headers=bearer())
    status, message = refusal(response)
    assert status == 500
    assert response.headers["X-Request-Id"] in message
    assert "secret" not in response.text
    (line,) = [json.loads(r.message) for r in caplog.records if r.levelno == logging.ERROR]
    assert line["request_id"] == response.headers["X-Request-Id"]
    assert "the secret inside" in line["trace"]


def test_a_query_that_takes_too_long_is_ended(limited: str) -> None:
    status, message = refusal(httpx.get(f"{limited}/tests/long", headers=bearer(), timeout=20))
    assert (status, message) == (400, "This takes longer than 1 s: ask for less at once")
    assert httpx.get(f"{limited}/tests/short", headers=bearer()).text == "5"


def test_queries_wait_for_their_turn_and_not_for_ever(limited: str) -> None:
    answers: list[httpx.Response] = []

    session = httpx.Client(timeout=30, limits=httpx.Limits(max_connections=None))

    def ask() -> None:
        answers.append(session.get(f"{limited}/tests/long", headers=bearer()))

    # One reads, as many wait as may, and one is too many.
    threads = [threading.Thread(target=ask) for _ in range(WAITING + 2)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    # Who watches the service is answered all the same.
    assert session.get(f"{limited}/health").status_code == 200
    for thread in threads:
        thread.join()
    session.close()
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {400, 503}
    assert 503 in statuses
    assert any("Too many" in answer.text for answer in answers)
    assert all(a.headers["Retry-After"] == "5" for a in answers if a.status_code == 503)


# The log


def test_the_log_has_a_line_a_request_and_no_secrets(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    me = bearer("worker", "1", "9")
    with caplog.at_level(logging.INFO, "serving"):
        client.get("/api/v1/projects/p1?token=geheim", headers=me)
        client.get("/nowhere/geheim", headers={"Authorization": "Token geheim"})
        # A line is written when all of its answer has gone.
        while len(caplog.records) < 2:
            time.sleep(0.01)
    first, second = (json.loads(record.message) for record in caplog.records)
    assert set(first) == {"at", "request_id", "caller", "method", "route", "status", "ms"}
    assert (first["caller"], first["method"], first["status"]) == ("9", "GET", 404)
    assert first["route"] == "/api/v1/projects/{project_id}"
    assert (second["caller"], second["route"], second["status"]) == (None, "unmatched", 401)
    assert "geheim" not in caplog.text
    assert me["Authorization"].removeprefix("Bearer ") not in caplog.text


# Health, numbers, documents


def test_health_says_what_readers_see(client: httpx.Client) -> None:
    said = client.get("/health").json()
    assert (said["status"], said["build_id"]) == ("ok", "20260105T090000000Z-0dd171")
    assert said["data_through"].startswith("20")
    assert said["publication_age_s"] > 0


def test_health_says_that_nothing_is_published(tmp_path: Path) -> None:
    with served_home(Home(tmp_path), SETTINGS) as url:
        response = httpx.get(f"{url}/health")
        assert response.status_code == 503
        assert response.json()["status"] == "unavailable"
        assert "warehouse refresh" in response.json()["message"]
        assert refusal(httpx.get(f"{url}/api/v1/users/me", headers=bearer()))[0] == 503
        assert "warehouse_publication_timestamp_seconds 0.0" in httpx.get(f"{url}/metrics").text


def test_requests_are_counted_by_their_route(published_home: Home) -> None:
    with served_home(published_home) as url:
        for project in ("a", "b", "c"):
            httpx.get(f"{url}/api/v1/projects/{project}", headers=bearer())
        httpx.request("PROPFIND", f"{url}/coffee", headers=bearer())
        lines = httpx.get(f"{url}/metrics").text.splitlines()
    route = 'method="GET",route="/api/v1/projects/{project_id}"'
    assert f'warehouse_requests_total{{{route},status="404"}} 3.0' in lines
    assert f"warehouse_request_seconds_count{{{route}}} 3.0" in lines
    assert 'warehouse_requests_total{method="other",route="unmatched",status="404"} 1.0' in lines
    assert 'warehouse_publication_info{build_id="20260105T090000000Z-0dd171"} 1.0' in lines
    assert "warehouse_export_jobs_running 0.0" in lines


def test_the_document_names_every_route_and_how_to_sign_in(client: httpx.Client) -> None:
    said = client.get("/openapi.json").json()
    assert {"/api/events", "/api/v1/analytics/metric", "/health"} <= set(said["paths"])
    assert set(said["components"]["securitySchemes"]) == {"bearer", "basic"}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            assert operation["tags"], (path, method)
            assert "422" not in operation["responses"], (path, method)
    assert client.get("/docs").status_code == 200
