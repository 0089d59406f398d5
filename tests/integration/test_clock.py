"""The two clocks of working time, case by case, against results worked out by hand.

The cases stand in `tests/fixtures/clock`: CVAT's own clock over a posted batch, and the clock that
is derived from stored rows. Each case is a user of one log, built once.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.landing.schemas import CVAT_COLUMNS
from tests.conftest import BuildWarehouse

CASES = Path(__file__).resolve().parent.parent / "fixtures" / "clock"
START = datetime(2026, 3, 2, 8)
OWNERS = {
    # Job, task, project.
    "A": ("1", "11", "111"),
    "B": ("2", "11", "111"),
    "C": ("3", "11", "111"),
    "a": ("1", "11", None),
    "-": (None, None, None),
}


def read_cases(name: str) -> list[dict]:
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))["cases"]


BATCHES = dict(enumerate(read_cases("batches.yml"), 90_000))
"""User id -> case, as in DERIVED."""

DERIVED = dict(enumerate(read_cases("derived.yml"), 95_000))


def moment(seconds: str | int | float) -> datetime:
    """Return the time so many seconds after the start, exact to the microsecond."""
    return START + timedelta(microseconds=int(Decimal(str(seconds)) * 1_000_000))


def parsed(line: str) -> dict:
    """Return the event that a line of a case tells: at, scope, owner, duration (ms), frame."""
    at, scope, owner, *rest = line.split()
    duration = rest[rest.index("ms") - 1] if "ms" in rest else None
    frame = rest[rest.index("to") + 1] if "to" in rest else None
    assert len(rest) == 2 * ((duration is not None) + (frame is not None)), line
    return {
        "at": None if at == "?" else moment(at),
        "scope": scope,
        "owner": OWNERS[owner],
        "duration": duration and int(duration),
        "frame": frame and int(frame),
    }


def iso(when: datetime | None) -> str | None:
    return when and f"{when.isoformat(timespec='microseconds')}Z"


def as_sent(line: str) -> dict:
    event = parsed(line)
    job, task, project = event["owner"]
    sent = {
        "scope": event["scope"],
        "timestamp": iso(event["at"]),
        "duration": event["duration"],
        "job_id": job and int(job),
        "task_id": task and int(task),
        "project_id": project and int(project),
    }
    return {key: value for key, value in sent.items() if value is not None}


def batch_of(user_id: int, case: dict) -> dict:
    times = {key: moment(case[key]) if key in case else None for key in ("sent", "received")}
    return {
        "events": [as_sent(line) for line in case["events"]],
        "previous_event": as_sent(case["previous"]) if "previous" in case else None,
        "timestamp": iso(times["sent"]),
        "received_at": iso(times["received"]),
        "user_id": user_id,
    }


def stored_row(user_id: int, line: str) -> dict:
    event = parsed(line)
    job, task, project = event["owner"]
    verb = event["scope"].split(":")[0]
    return {
        "scope": event["scope"],
        "source": "server" if verb == "create" else "client",
        "timestamp": f"{event['at'].isoformat(sep=' ', timespec='microseconds')}+00:00",
        "duration": event["duration"] or 0,
        "job_id": job,
        "task_id": task,
        "project_id": project,
        "user_id": user_id,
        "payload": json.dumps({} if event["frame"] is None else {"to": event["frame"]}),
    }


def write_csv(path: Path, rows: Iterable[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CVAT_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory, build_warehouse: BuildWarehouse
) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("clock")
    batches = (json.dumps(batch_of(user, case)) for user, case in BATCHES.items())
    (folder / "batches.jsonl").write_text("\n".join(batches) + "\n", encoding="utf-8")
    write_csv(
        folder / "events.csv",
        (stored_row(user, line) for user, case in DERIVED.items() for line in case["rows"]),
    )
    return build_warehouse(folder)


def name_of(case: object) -> str | None:
    return case["name"] if isinstance(case, dict) else None


@pytest.mark.parametrize(("user_id", "case"), BATCHES.items(), ids=name_of)
def test_clock_of_a_batch(warehouse, user_id: int, case: dict):
    rows = warehouse.execute(
        "select assignment_id, task_id, project_id, working_ms, reported_at"
        " from core.fct_batch_working_time where user_id = ?",
        [str(user_id)],
    ).fetchall()
    expected = []
    for line in case["expected"]:
        owner, working_ms, stamp = line.split()
        expected.append((*OWNERS[owner], int(working_ms), moment(stamp)))
    assert sorted(rows, key=str) == sorted(expected, key=str), case["why"]


@pytest.mark.parametrize(("user_id", "case"), BATCHES.items(), ids=name_of)
def test_replayed_stretches_are_the_batch_s_rows(warehouse, user_id: int, case: dict):
    rows = warehouse.execute(
        "select method, activity_status, assignment_id, duration_ms, started_at, ended_at, item_id"
        " from core.fct_activity where user_id = ?",
        [str(user_id)],
    ).fetchall()
    expected = []
    for line in case["expected"]:
        owner, working_ms, stamp = line.split()
        end = moment(stamp) + timedelta(milliseconds=int(working_ms))
        job = OWNERS[owner][0]
        expected.append(("replayed", "active", job, int(working_ms), moment(stamp), end, None))
    assert sorted(rows, key=str) == sorted(expected, key=str), case["why"]


@pytest.mark.parametrize(("user_id", "case"), DERIVED.items(), ids=name_of)
def test_derived_clock(warehouse, user_id: int, case: dict):
    rows = warehouse.execute(
        "select activity_status, started_at, ended_at, assignment_id, task_id, project_id,"
        " item_id, surface, method from core.fct_activity where user_id = ? order by started_at",
        [str(user_id)],
    ).fetchall()
    expected = []
    for line in case["expected"]:
        status, start, _, end, owner, *frame = line.split()
        job, task, project = OWNERS[owner]
        item = f"{task}:{frame[1]}" if frame else None
        surface = "studio" if job else "browser"
        place = (job, task, project, item, surface, "derived")
        expected.append((status, moment(start), moment(end), *place))
    assert rows == expected, case["why"]


def test_bad_events_are_quarantined_by_themselves(warehouse):
    rows = warehouse.execute("select unit, reason from quality.quarantine").fetchall()
    bad = [
        line
        for case in BATCHES.values()
        for line in [case.get("previous", ""), *case["events"]]
        if line.startswith("?")
    ]
    assert rows == [("batch_event", "missing_timestamp")] * len(bad)
    assert len(bad) == 2
