"""Alerts of failed runs: posted to a real HTTP server, silent about their own secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import dagster as dg
import pytest

from orchestration.alerts import define_alerts, post
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.house import define

MAIL = {
    "WAREHOUSE_ALERT_MAIL_FROM": "warehouse@example.com",
    "WAREHOUSE_ALERT_MAIL_TO": "ann@example.com, bob@example.com",
    "WAREHOUSE_ALERT_MAIL_HOST": "mail.example.com",
    "WAREHOUSE_ALERT_MAIL_PASSWORD": "hunter2",
}


class Receiver(HTTPServer):
    """A server that takes webhooks, and answers what it is told to."""

    status = 200

    def __init__(self) -> None:
        self.received: list[tuple[str, str, dict]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/services/S3CRET"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        self.server.received.append((self.path, kind, json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A server that listens on this machine while the test runs."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Receiver() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_without_settings_there_is_no_alert_and_with_them_it_is_off(receiver: Receiver) -> None:
    assert define_alerts({"PATH": "/bin", "WAREHOUSE_ALERT_WEBHOOK": ""}) == []
    sensors = define_alerts({**MAIL, "WAREHOUSE_ALERT_WEBHOOK": receiver.url})
    assert [sensor.name for sensor in sensors] == ["failed_runs_by_mail", "failed_runs_to_webhook"]
    assert {sensor.default_status for sensor in sensors} == {dg.DefaultSensorStatus.STOPPED}
    assert "S3CRET" not in "".join(f"{sensor.description} {sensor.metadata}" for sensor in sensors)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"WAREHOUSE_ALERT_MAIL_PASSWORD": ""}, "also need WAREHOUSE_ALERT_MAIL_PASSWORD"),
        ({"WAREHOUSE_ALERT_MAIL_SECURITY": "none"}, "must be SSL or STARTTLS"),
        ({"WAREHOUSE_ALERT_MAIL_PORT": "smtp"}, "must be a number"),
        ({"WAREHOUSE_ALERT_WEBHOOK": "hooks.example.com/S3CRET"}, "WAREHOUSE_ALERT_WEBHOOK must"),
    ],
)
def test_settings_that_cannot_work_are_named_without_their_values(
    changed: dict[str, str], said: str
) -> None:
    with pytest.raises(WarehouseError) as raised:
        define_alerts({**MAIL, **changed})
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert "S3CRET" not in str(raised.value)


def test_a_failed_run_is_posted(
    receiver: Receiver,
    refreshed: tuple[Home, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home, _ = refreshed
    for name in ("WAREHOUSE_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # set by the definitions, as it was afterwards
    monkeypatch.setenv("WAREHOUSE_ALERT_WEBHOOK", receiver.url)
    definitions = define(home)
    sensor = definitions.resolve_sensor_def("failed_runs_to_webhook")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        result = definitions.resolve_job_def("build").execute_in_process(
            instance=instance,
            raise_on_error=False,
            resources={**definitions.resources, "home": Home(tmp_path / "empty")},
        )
        assert not result.success
        sensor(
            dg.build_run_status_sensor_context(
                sensor_name=sensor.name,
                dagster_instance=instance,
                dagster_run=result.dagster_run,
                dagster_event=result.get_run_failure_event(),
            ).for_run_failure()
        )
    ((path, kind, body),) = receiver.received
    assert path == "/services/S3CRET"
    assert kind == "application/json"
    assert list(body) == ["text"]
    assert body["text"] == (
        f"The warehouse's run {result.run_id[:8]} of build failed.\n"
        "Nothing has landed yet. Run: warehouse land PATH (or, to try: warehouse refresh)"
    )


def test_an_alert_that_is_not_taken_is_said_without_the_url(
    receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    receiver.status = 404
    with pytest.raises(WarehouseError, match="it answered 404") as raised:
        post(receiver.url, "x")
    assert raised.value.__context__ is None
    assert "S3CRET" not in str(raised.value)
    assert "S3CRET" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/S3CRET", "http://127.0.0.1:1/S3CRET with gap"])
def test_a_receiver_that_is_not_there_is_said_without_the_url(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(WarehouseError, match="it cannot be reached") as raised:
        post(url, "x")
    assert raised.value.__context__ is None
    assert "S3CRET" not in str(raised.value)
