"""The reports on people's work against a demo log's raw rows, read and counted in plain Python."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from benchmarks import forecast
from orchestration.demo import write_demo
from orchestration.home import Home
from tests.conftest import built

STAGES = ("annotation", "validation", "acceptance")
THRESHOLD_MS = 100_000
LONGEST_FRAME_MS = 300_000


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work") / "logs"
    write_demo(folder, events=30_000, days=36, users=8, seed=5)
    return folder


@pytest.fixture(scope="module")
def home(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    reports = ["+path:models/marts/reports/performance"]
    return built(Home(tmp_path_factory.mktemp("home")), log, select=reports)


@pytest.fixture(scope="module")
def warehouse(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home.build_file), read_only=True) as connection:
        yield connection


def epoch_ms(text: str) -> int:
    """Return the time of a row, cut to ms: epoch seconds in JSON lines, ISO in CSV."""
    if re.fullmatch(r"[0-9.]+", text):
        whole, _, fraction = text.partition(".")
        return int(whole) * 1000 + int(fraction.ljust(3, "0")[:3])
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def rows_of(path: Path) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield the rows of a file of CVAT events as sorted (column, text), without what is empty."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file) if ".csv" in path.name else map(json.loads, file)
        for line in lines:
            row = {key: str(value) for key, value in line.items() if value not in (None, "")}
            row["at"] = str(epoch_ms(row.pop("timestamp")))
            row.setdefault("duration", "0")
            yield tuple(sorted(row.items()))


@pytest.fixture(scope="module")
def events(log: Path) -> list[dict[str, str]]:
    """Return every event once: of equal rows as many as the file that has most of them."""
    most: Counter = Counter()
    for path in sorted((log / "cvat").glob("*")):
        most |= Counter(rows_of(path))
    found = [dict(row) for row in most.elements()]
    return sorted(found, key=lambda row: int(row["at"]))


@pytest.fixture(scope="module")
def verdicts(events: list[dict[str, str]]) -> dict[str, Counter]:
    """Return of each annotator how many jobs were judged, passed at once, and were sent back."""
    moves: dict[str, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in events:
        if row["scope"] == "update:job":
            moves[row["job_id"]][int(row["at"])][row["obj_name"]] = row["obj_val"]
    found: dict[str, Counter] = defaultdict(Counter)
    for of_job in moves.values():
        stage, annotator, is_judged = "annotation", "", False
        for said in of_job.values():
            to = said.get("stage", stage)
            is_back = STAGES.index(to) < STAGES.index(stage) or said.get("state") == "rejected"
            is_accepted = to == "acceptance" and said.get("state") == "completed"
            if is_back:
                found[annotator]["sent back"] += 1
            if (is_back or is_accepted) and not is_judged:
                is_judged = True
                found[annotator]["judged"] += 1
                found[annotator]["passed"] += is_accepted
            stage = to
            if stage == "annotation" and "assignee" in said:
                annotator = re.findall(r"\d+", said["assignee"])[0]
    return found


def test_verdicts_are_those_of_the_raw_rows(warehouse, verdicts: dict[str, Counter]):
    found = {
        user: Counter({"judged": judged, "passed": passed, "sent back": back})
        for user, judged, passed, back in warehouse.execute(
            """
            select
                user_id, cast(sum(judged_job_count) as bigint),
                cast(sum(first_pass_count) as bigint), cast(sum(rejection_count) as bigint)
            from reports.annotator_performance
            where not contains(user_id, '@')
            group by user_id having sum(judged_job_count) > 0
            """
        ).fetchall()
    }
    assert sum(counts["sent back"] for counts in verdicts.values()) > 3
    assert {user: +counts for user, counts in found.items()} == {
        user: +counts for user, counts in verdicts.items()
    }


def test_rounds_are_those_of_the_verdicts(warehouse, verdicts: dict[str, Counter]):
    rejections, first_passes = warehouse.execute(
        "select sum(rejection_count), count_if(is_first_pass)"
        " from reports.job_rounds where source_system = 'cvat'"
    ).fetchone()
    assert rejections == sum(counts["sent back"] for counts in verdicts.values())
    assert first_passes == sum(counts["passed"] for counts in verdicts.values())


def tab_spans(rows: list[dict[str, str]]) -> list[tuple[int, int]]:
    """Return when one tab was at work on one day, by CVAT's clock: [start, end) in ms."""
    spans = []
    clock = None
    for at, end in sorted(
        (at, at + frame)
        for row in rows
        for at in [int(row["at"])]
        for frame in [
            min(int(row["duration"]), LONGEST_FRAME_MS) if row["scope"] == "change:frame" else 0
        ]
    ):
        start = at if clock is None or at - clock >= THRESHOLD_MS else clock
        clock = end if clock is None else max(clock, end)
        if clock > start:
            spans.append((start, clock))
    return spans


def test_overlaps_are_those_of_the_tabs(warehouse, events: list[dict[str, str]]):
    tabs = defaultdict(list)
    for row in events:
        if row["source"] == "client":
            client = json.loads(row["payload"])["client_id"]
            tabs[row["user_id"], int(row["at"]) // 86_400_000, client].append(row)
    spans = defaultdict(list)
    for (user, day, _), rows in tabs.items():
        spans[user, day] += tab_spans(rows)
    expected = {}
    for key, of_day in spans.items():
        edges = sorted({edge for span in of_day for edge in span})
        overlap = sum(
            later - edge
            for edge, later in pairwise(edges)
            if sum(start <= edge < end for start, end in of_day) > 1
        )
        if overlap:
            expected[key] = overlap
    found = {
        (user, (day - datetime(1970, 1, 1).date()).days): ms
        for user, day, ms in warehouse.execute(
            "select user_id, day, overlap_ms from reports.overlapping_time"
        ).fetchall()
    }
    assert found == expected
    assert found


def test_causes_explain_captured_days(warehouse):
    days, difference, remainder = warehouse.execute(
        """
        select count(*), sum(abs(difference_ms)), sum(abs(remainder_ms))
        from reports.working_time_methods where counted_method = 'replayed'
        """
    ).fetchone()
    assert days > 5
    assert remainder < 0.02 * difference


def test_forecasts_of_the_past_hold_no_news(home: Home, warehouse):
    made = list(forecast.forecasts(home.build_file))
    assert len([one for one in made if one.expected]) > 20
    assert any(one.expected and one.ended for one in made)
    for one in made:
        if one.expected:
            assert one.day < one.earliest <= one.expected <= one.latest
        # On the evening of the day on which a task ended nothing of it is open.
        assert one.ended is None or one.ended > one.day
    assert len(forecast.table(made)) > 2
