"""`warehouse serve` and `warehouse credentials` as processes: start, stop, kill."""

from __future__ import annotations

import io
import json
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import jwt
import pytest

from orchestration.build.record import read_record, write_record
from orchestration.cli import main
from orchestration.home import Home
from orchestration.intake import land_intake, waiting
from orchestration.publish import publish
from serving.callers.hashing import password_is, token_hash
from tests.serving.process import environment, running
from tests.serving.running import KEY, bearer

SAMPLES = [
    {
        "startTime": 1_772_442_000_000,
        "endTime": 1_772_442_060_000,
        "context": {"userId": "9"},
        "eventType": "activity",
        "entityType": "activity",
        "action": "active",
        "data": {},
    }
]

BODY = json.dumps(SAMPLES).encode()


@pytest.fixture
def home(published_home: Home, tmp_path: Path) -> Home:
    """A published home that nobody serves; other tests share a service over the one it copies."""
    return Home(shutil.copytree(published_home.root, tmp_path / "home"))


def test_it_says_where_it_listens_and_to_whom(home: Home) -> None:
    with running(home, key=None) as service:
        assert "build 20260105T090000000Z-0dd171 with data through 2024-" in service.said
        assert "anybody on this machine sees everything" in service.said
        assert httpx.get(f"{service.address}/health", timeout=30).status_code == 200
        assert httpx.get(f"{service.address}/api/v1/users/me").json()["id"] == "local"
        service.process.send_signal(signal.SIGINT)
        log = service.log()
    assert service.process.returncode == 0
    assert [json.loads(text)["route"] for text in log.splitlines()] == [
        "/health",
        "/api/v1/users/me",
    ]


def test_a_publication_without_events_is_served(home: Home) -> None:
    build_id = "20260106T090000000Z-0dd171"
    write_record(home, replace(read_record(home), build_id=build_id, data_through={}))
    publish(home)
    with running(home, key=None) as service:
        assert f"build {build_id} with no event yet" in service.said


def test_it_can_be_stopped_as_soon_as_it_listens(tmp_path: Path) -> None:
    with running(Home(tmp_path)) as service:
        service.process.send_signal(signal.SIGTERM)
        service.log()
    assert service.process.returncode == 0


Refusal = Callable[..., tuple[int, str]]


@pytest.fixture
def refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refusal:
    """Run a command that refuses, in this process; gives its exit code and what it said."""

    def refused(*arguments: str, **said: str) -> tuple[int, str]:
        for name, text in environment(Home(tmp_path), **said).items():
            monkeypatch.setenv(name, text)
        code = main(arguments)
        output = capsys.readouterr()
        assert output.out == ""
        assert len(output.err.splitlines()) == 1
        return code, output.err

    return refused


def test_without_a_key_it_listens_to_nobody_else(refusal: Refusal) -> None:
    code, said = refusal("serve", "--host", "0.0.0.0", "--port", "0")
    assert code == 2
    assert said.startswith("Without a key this listens on 127.0.0.1 only, not on 0.0.0.0")


def test_settings_that_cannot_be_are_one_line(refusal: Refusal) -> None:
    code, said = refusal("serve", WAREHOUSE_JWT_KEY="short")
    assert (code, said[:29]) == (2, "WAREHOUSE_JWT_KEY is too shor")


def test_a_port_that_is_taken_or_none_is_one_line(refusal: Refusal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = refusal("serve", "--port", str(port))
    assert code == 1
    assert said == f"Cannot listen on 127.0.0.1, port {port}: Address already in use\n"
    for none in ("65536", "-1"):
        assert refusal("serve", f"--port={none}")[0] == 1


@contextmanager
def asked_for_its_body(port: int) -> Iterator[socket.socket]:
    """Begin a request, as far as that the service asks for its body."""
    head = (
        "POST /api/v1/analytics/metric HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        f"Authorization: {bearer('worker', None, '9')['Authorization']}\r\n"
        f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        wire.sendall(head.encode())
        assert b"100 Continue" in wire.recv(1000)
        yield wire


def test_a_request_that_does_not_end_does_not_keep_the_service(tmp_path: Path) -> None:
    with running(Home(tmp_path), WAREHOUSE_SERVE_STOP_SECONDS="1") as service:
        with asked_for_its_body(service.port) as wire:
            service.process.send_signal(signal.SIGTERM)
            assert b"503 Service Unavailable" in wire.recv(1000)
        log = service.log()
    assert service.process.returncode == 0
    assert "Traceback" not in log
    assert waiting(Home(tmp_path)) == []


def test_a_request_under_way_ends_before_the_service_does(tmp_path: Path) -> None:
    with running(Home(tmp_path)) as service:
        assert "nothing is published yet" in service.said
        assert "callers must authenticate" in service.said
        with asked_for_its_body(service.port) as wire:
            service.process.send_signal(signal.SIGTERM)
            while _connects(service.port):
                pass
            wire.sendall(BODY)
            assert b"200 OK" in wire.recv(1000)
        service.process.wait(20)
    assert service.process.returncode == 0
    assert len(waiting(Home(tmp_path))) == 1


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_what_was_answered_for_survives_a_kill(tmp_path: Path) -> None:
    with running(Home(tmp_path)) as service, service.caller("9", "worker") as caller:
        answer = caller.post("/api/v1/analytics/metric", json=SAMPLES)
        service.process.kill()
        assert answer.json() == {"accepted": 1}
    (outcome,) = land_intake(Home(tmp_path))
    assert (outcome.status, outcome.landed, outcome.quarantined) == ("landed", 1, 0)


# Credentials


def test_credentials_are_made_for_the_users_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("gehört: mir\n"))
    assert main(["credentials", "password"]) == 0
    name, _, hashed = capsys.readouterr().out.strip().partition(": ")
    assert name == "password"
    assert password_is("gehört: mir", hashed)
    assert not password_is("gehört: dir", hashed)
    assert main(["credentials", "password"]) == 2
    assert capsys.readouterr().err == "The password is empty\n"
    assert main(["credentials", "token"]) == 0
    made = capsys.readouterr()
    assert made.out == f"token: {token_hash(made.err.strip().rpartition(' ')[2])}\n"


def test_a_token_is_signed_with_the_key(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("credentials", "jwt", "--user", "9", "--role", "worker", "--org", "1")
    code, said = refusal(*asked)
    assert (code, said[:28]) == (2, "WAREHOUSE_JWT_KEY is not set")
    monkeypatch.setenv("WAREHOUSE_JWT_KEY", KEY)
    assert main(asked) == 0
    claims = jwt.decode(capsys.readouterr().out.strip(), KEY, algorithms=["HS256"])
    assert (claims["sub"], claims["role"], claims["org_id"]) == ("9", "worker", "1")
