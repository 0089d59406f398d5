"""Logs that nobody here wrote: annotation campaigns, classifications, two clusters.

Campaigns (Appraise) and classifications (Zooniverse) land as they are, the clusters as platform
samples (tests/real_logs). What the warehouse then says is compared with the files themselves, read
again here with the csv module and decimals, or with pandas.

A row that ends before it starts can be neither a stretch nor a duration: it goes to quarantine and
adds nothing to any measure. The files have none, so that some rows of a campaign are landed once
more with start and end exchanged.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import pytest

from tests.conftest import BuildWarehouse
from tests.real_logs import helios
from tests.real_logs.shape import write_samples

CAMPAIGNS = ("240520rc6ESA", "240521rc6ESA", "240521rc6MQM")
PROJECTS = ("camcat_sa", "kenya-sample")
CLUSTERS = ("vc6YE", "vcTJs")

TURNED = "turned around"
TURNED_ROWS = 20
GRANULARITIES = ("second", "minute", "hour", "day", "week", "month")
HOUR_MS = 3_600_000


class Work(NamedTuple):
    """A row of a file: who worked when on what; times in epoch ms, `count` 1."""

    file: str
    user: str
    assignment: str
    item: str
    start_ms: int
    end_ms: int


def read_campaign(folder: Path, name: str) -> list[list[str]]:
    with (folder / "appraise" / f"{name}.scores.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def rows_to_turn(folder: Path) -> list[list[str]]:
    rows = (row for row in read_campaign(folder, CAMPAIGNS[-1]) if row[10] != row[11])
    return [[*row[:10], row[11], row[10]] for row, _ in zip(rows, range(TURNED_ROWS), strict=False)]


def work_of_campaigns(folder: Path) -> Iterator[Work]:
    for name in CAMPAIGNS:
        for row in read_campaign(folder, name):
            login, item = row[0], f"{row[7]}:{row[2]}"
            start, end = (int(Decimal(text) * 1000) for text in row[10:12])
            yield Work(f"{name}.scores", login, login, item, start, end)


def work_of_projects(folder: Path) -> Iterator[Work]:
    for name in PROJECTS:
        data = (folder / "zooniverse" / f"{name}.csv").read_bytes()
        for row in csv.DictReader(io.StringIO(data.decode("utf-8", "replace"), newline="")):
            times = json.loads(row["metadata"])
            start, end = (
                # 2016-12-18T17:28:50.860Z
                int(Decimal(datetime.fromisoformat(text[:19] + "Z").timestamp()) * 1000)
                + int(text[20:23])
                for text in (times["started_at"], times["finished_at"])
            )
            yield Work(name, row["user_name"], row["workflow_id"], row["subject_ids"], start, end)


@pytest.fixture(scope="module")
def work(real_logs: Path) -> list[Work]:
    """What the files of people's work say, without rows that end before they start."""
    rows = [*work_of_campaigns(real_logs), *work_of_projects(real_logs)]
    assert len(rows) == 5_740 + 3_000
    return [row for row in rows if row.end_ms >= row.start_ms]


@pytest.fixture(scope="module")
def warehouse(
    real_logs: Path, tmp_path_factory: pytest.TempPathFactory, build_warehouse: BuildWarehouse
) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("real")
    # The folder says what files without a header are.
    turned = folder / "appraise" / f"{TURNED}.csv"
    turned.parent.mkdir()
    with turned.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows_to_turn(real_logs))
    for name in CLUSTERS:
        path = real_logs / "helios" / f"{name}.csv"
        write_samples(folder / f"{name}.jsonl", helios.samples(name, path))
    campaigns = [real_logs / "appraise" / f"{name}.scores.csv" for name in CAMPAIGNS]
    projects = [real_logs / "zooniverse" / f"{name}.csv" for name in PROJECTS]
    return build_warehouse(folder, *campaigns, *projects)


def counted(rows: list[tuple]) -> Counter:
    """Return key -> number, without those of 0."""
    return Counter({tuple(key): number for *key, number in rows if number})


def utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC).replace(tzinfo=None)


def test_annotation_time_of_each_assignment_is_that_of_the_file(warehouse, work: list[Work]):
    expected: Counter = Counter()
    for row in work:
        expected[(row.assignment,)] += row.end_ms - row.start_ms
    assert len(expected) >= 57 + 2
    assert +expected == counted(
        warehouse.execute(
            "select assignment_id, sum(duration_ms)"
            " from measures_month.assignment_stats_annotation_action_time_stats group by all"
        ).fetchall()
    )


def test_annotation_time_of_each_item_is_that_of_the_file(warehouse, work: list[Work]):
    expected: Counter = Counter()
    for row in work:
        expected[row.assignment, row.item] += row.end_ms - row.start_ms
    assert +expected == counted(
        warehouse.execute(
            "select assignment_id, item_id, sum(duration_ms)"
            " from measures_month.item_annotation_duration group by all"
        ).fetchall()
    )


def test_active_time_of_each_person_is_that_of_the_file(warehouse, work: list[Work]):
    expected: Counter = Counter()
    for row in work:
        expected[row.assignment, row.user] += row.end_ms - row.start_ms
    for granularity in GRANULARITIES:
        found = warehouse.execute(
            "select assignment_id, user_id, sum(duration_ms)"
            f" from measures_{granularity}.user_stats_activity_time group by all"
        ).fetchall()
        assert counted(found) == +expected


def test_active_time_is_cut_at_hours(warehouse, work: list[Work]):
    expected: Counter = Counter()
    for row in work:
        edge = row.start_ms - row.start_ms % HOUR_MS
        while edge < row.end_ms:
            piece = min(row.end_ms, edge + HOUR_MS) - max(row.start_ms, edge)
            expected[row.assignment, utc(edge)] += piece
            edge += HOUR_MS
    assert max(row.end_ms - row.start_ms for row in work) > 10 * HOUR_MS
    assert +expected == counted(
        warehouse.execute(
            "select assignment_id, period_start, sum(active_ms)"
            " from measures_hour.assignment_stats_active_time group by all"
        ).fetchall()
    )


def test_each_saved_row_is_one_annotation(warehouse, work: list[Work]):
    expected = Counter(
        (row.assignment, utc(row.end_ms).replace(hour=0, minute=0, second=0)) for row in work
    )
    rows = warehouse.execute(
        "select assignment_id, period_start, sum(action_count)"
        " from measures_day.annotation_timeline where action = 'created' group by all"
    ).fetchall()
    assert {(assignment, day): count for assignment, day, count in rows} == expected


def test_people_of_each_day_are_those_of_the_file(warehouse, work: list[Work]):
    expected: dict = {}
    for row in work:
        # A stretch is an event at its start, an annotation at its end.
        for ms in (row.start_ms, row.end_ms):
            day = utc(ms).replace(hour=0, minute=0, second=0)
            expected.setdefault((row.assignment, day), set()).add(row.user)
    rows = warehouse.execute(
        "select assignment_id, period_start, count(distinct user_id)"
        " from measures_day.active_users where assignment_id is not null group by all"
    ).fetchall()
    assert {(assignment, day): count for assignment, day, count in rows} == {
        key: len(users) for key, users in expected.items()
    }


def test_rows_that_end_before_they_start_are_quarantined_and_counted(
    real_logs: Path, warehouse, work: list[Work]
):
    rows = [*work_of_campaigns(real_logs), *work_of_projects(real_logs)]
    ends_early = Counter(row.file for row in rows if row.end_ms < row.start_ms)
    ends_early[TURNED] = TURNED_ROWS
    found = warehouse.execute(
        "select parse_filename(file_name, true), reason, count(*) from quality.quarantine"
        " group by all"
    ).fetchall()
    assert {(name, reason): count for name, reason, count in found} == {
        (name, "end_before_start"): count for name, count in ends_early.items()
    }
    audit = warehouse.execute(
        "select parse_filename(file_name, true), landed, accepted, duplicates, quarantined"
        " from quality.load_audit where source in ('appraise', 'zooniverse')"
    ).fetchall()
    landed = Counter(row.file for row in rows)
    landed[TURNED] = TURNED_ROWS
    assert {name: tuple(numbers) for name, *numbers in audit} == {
        name: (count, count - ends_early[name], 0, ends_early[name])
        for name, count in landed.items()
    }


def test_bytes_that_are_not_utf_8_are_named_row_by_row(real_logs: Path, warehouse):
    lines = (real_logs / "zooniverse" / "camcat_sa.csv").read_bytes().splitlines()
    bad = [number for number, line in enumerate(lines, start=1) if not _is_utf_8(line)]
    assert len(bad) == 1_000
    found = warehouse.execute(
        "select line_number, column_name, value from quality.suspect_values"
        " where suspicion = 'bytes_not_utf8' order by line_number"
    ).fetchall()
    shown = r"Get Started \xe4\xf3\xf1 Angola"
    assert found == [(number, "workflow_name", shown) for number in bad]


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def series_of(folder: Path, cluster: str) -> pd.DataFrame:
    """Return the minutes of a cluster: the queue, and the pods that its GPUs need."""
    frame = pd.read_csv(
        folder / "helios" / f"{cluster}.csv", parse_dates=["time"], index_col="time"
    )
    pods = (frame["running_gpu_num"] + helios.GPUS_OF_A_POD - 1) // helios.GPUS_OF_A_POD
    return pd.DataFrame({"queue": frame["pending_job_num"], "pods": pods})


@pytest.mark.parametrize(("granularity", "rule"), [("hour", "h"), ("day", "D")])
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_queue_is_what_pandas_makes_of_the_series(
    real_logs: Path, warehouse, cluster: str, granularity: str, rule: str
):
    queue = series_of(real_logs, cluster)["queue"].resample(rule)
    expected = queue.agg(["count", "sum", "min", "max", "last", "mean"])
    assert expected["max"].nunique() > 1
    found = warehouse.execute(
        "select period_start, sample_count, queue_sum, queue_min, queue_max, queue_last, value"
        f" from measures_{granularity}.service_queue_size where service_id = ?"
        " order by period_start",
        [cluster],
    ).fetchall()
    assert [row[0] for row in found] == list(expected.index)
    assert [row[1:6] for row in found] == [tuple(row[:5]) for row in expected.to_numpy()]
    assert [row[6] for row in found] == pytest.approx(list(expected["mean"]))


@pytest.mark.parametrize(("granularity", "rule"), [("hour", "h"), ("day", "D")])
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_replicas_are_what_pandas_makes_of_the_series(
    real_logs: Path, warehouse, cluster: str, granularity: str, rule: str
):
    # Pods are numbered from 1, so that the different ones of a period are the most at one time.
    most = series_of(real_logs, cluster)["pods"].resample(rule).max()
    assert most.max() > 1
    found = warehouse.execute(
        "select period_start, count(distinct pod_id), sum(replica_count)"
        f" from measures_{granularity}.service_number_of_replicas where service_id = ?"
        " group by all order by period_start",
        [cluster],
    ).fetchall()
    expected = [(start, pods, pods) for start, pods in most.items() if pods]
    assert found == expected


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_uptime_is_the_minutes_sampled(real_logs: Path, warehouse, cluster: str):
    # The first pod is sampled every minute, whether it runs or not.
    sampled = series_of(real_logs, cluster)["pods"].clip(lower=1).resample("h").sum()
    found = warehouse.execute(
        "select period_start, sum(uptime_ms), sum(value)"
        " from measures_hour.service_usage where service_id = ? group by all"
        " order by period_start",
        [cluster],
    ).fetchall()
    assert [row[:2] for row in found] == [
        (start, minutes * helios.MINUTE_MS) for start, minutes in sampled.items()
    ]
    assert [row[2] for row in found] == pytest.approx([minutes / 60 for minutes in sampled])
