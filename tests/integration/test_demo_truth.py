"""What the warehouse says of a demo log against what its simulation decided.

The log's `_truth` folder is the simulation's own account, written before any row was read back.
On the same build: what adds up has one total, whichever granularity it is added up from.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.home import PROJECT

GRANULARITIES = ("second", "minute", "hour", "day", "week", "month")

DISTINCT = ("annotation_count", "item_count", "replica_count")
"""Counts of different things, which have no total."""


@pytest.fixture(scope="module")
def log(demo_log: Path) -> Path:
    return demo_log


@pytest.fixture(scope="module")
def warehouse(demo_warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return demo_warehouse


def truth(log: Path, name: str) -> list[dict[str, str | None]]:
    """Return the rows of a table of the truth; an empty cell is None."""
    with (log / "_truth" / name).open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def summary(log: Path) -> dict:
    return json.loads((log / "_truth" / "summary.json").read_text(encoding="utf-8"))


def counted(rows: Iterator[tuple]) -> Counter:
    """Return rows whose last cell is a number as key -> number, without those of 0."""
    sums: Counter = Counter()
    for *key, number in rows:
        sums[tuple(key)] += number
    return Counter({key: number for key, number in sums.items() if number})


def test_each_batch_earns_what_the_simulation_says(log: Path, warehouse):
    found = warehouse.execute(
        """
        select
            'client_batches/' || parse_filename(origins.file_name), origins.line_number,
            times.user_id, times.assignment_id, times.task_id, times.project_id,
            times.working_ms, strftime(times.reported_at, '%Y-%m-%dT%H:%M:%S.%gZ')
        from core.fct_batch_working_time as times
        inner join quality.event_origins as origins
            on times.batch_id = origins.event_id and origins.is_accepted
        where times.working_ms > 0
        """
    ).fetchall()
    expected = [
        (
            *(row["file"], int(row["line_number"]), row["user_id"]),
            *(row["job_id"], row["task_id"], row["project_id"]),
            *(int(row["working_ms"]), row["reported_at"]),
        )
        for row in truth(log, "batches.csv")
        if int(row["working_ms"])
    ]
    assert len(expected) > 500
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_reported_time_is_what_was_put_into_the_rows(log: Path, warehouse):
    found = counted(
        warehouse.execute(
            """
            select
                user_id, strftime(started_at, '%Y-%m-%d'), assignment_id, task_id, project_id,
                duration_ms
            from core.fct_activity
            where source_system = 'cvat' and method = 'reported'
            """
        ).fetchall()
    )
    columns = ("user_id", "day", "job_id", "task_id", "project_id")
    expected = counted(
        (*(row[column] for column in columns), int(row["reported_ms"]))
        for row in truth(log, "working_time.csv")
    )
    assert len({key[1] for key in expected}) >= 6
    assert found == expected


def test_activity_of_the_platform_is_what_its_people_did(log: Path, warehouse):
    found = counted(
        warehouse.execute(
            """
            select
                user_id, strftime(started_at, '%Y-%m-%d'), activity_status, surface, duration_ms
            from core.fct_activity
            where source_system = 'platform' and is_counted
            """
        ).fetchall()
    )
    expected = counted(
        (row["user_id"], row["day"], row["status"], row["surface"], int(row["ms"]))
        for row in truth(log, "activity.csv")
    )
    assert {key[2] for key in expected} == {"active", "idle"}
    assert found == expected


def test_objects_are_what_was_drawn_changed_and_deleted(log: Path, warehouse):
    found = counted(
        warehouse.execute(
            """
            select
                strftime(period_start, '%Y-%m-%d'), user_id, assignment_id, action, action_count
            from measures_day.annotation_timeline
            """
        ).fetchall()
    )
    expected = counted(
        (row["day"], row["user_id"], row["job_id"], row["action"], int(row["objects"]))
        for row in truth(log, "actions.csv")
    )
    assert {key[3] for key in expected} == {"created", "updated", "deleted"}
    assert found == expected


def test_each_event_counts_once(log: Path, warehouse):
    found = dict(
        warehouse.execute(
            "select source_system, count(*) from core.fct_events group by source_system"
        ).fetchall()
    )
    written = summary(log)
    assert written["distinct_events"] < written["events_stored"]
    assert found == {"cvat": written["distinct_events"], "platform": written["samples"]}


def test_each_landed_row_is_accounted_for(log: Path, warehouse):
    audit = {
        name: counts
        for name, *counts in warehouse.execute(
            "select parse_filename(file_name), landed, accepted + duplicates, quarantined"
            " from quality.load_audit"
        ).fetchall()
    }
    assert audit == {
        Path(name).name: [rows, rows, 0] for name, rows in summary(log)["rows_by_file"].items()
    }


def additive_components() -> Iterator[tuple[str, str]]:
    """Yield measure and component of all that adds up, as the registry of measures has it."""
    with (PROJECT / "seeds" / "measures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["additivity"] in ("state", "percentile"):
                continue
            for component in row["components"].split():
                adds_up = component.endswith(("_count", "_ms", "_sum"))
                if adds_up and component not in DISTINCT:
                    yield row["relation"], component


ADDITIVE = tuple(additive_components())

WEEK = timedelta(days=7)


@pytest.mark.parametrize(("measure", "component"), ADDITIVE)
def test_total_is_the_same_at_all_granularities(warehouse, measure: str, component: str):
    columns = {row[0] for row in warehouse.execute(f"describe measures.{measure}").fetchall()}
    user = "user_id" if "user_id" in columns else "null"
    totals: dict[str, Counter] = {name: Counter() for name in GRANULARITIES}
    for granularity, who, total in warehouse.execute(
        f"select time_granularity, {user}, sum({component})"
        f" from measures.{measure} group by all having sum({component}) <> 0"
    ).fetchall():
        totals[granularity][who] = total
    assert totals["second"]
    assert totals == dict.fromkeys(GRANULARITIES, totals["second"])


def test_registry_says_what_adds_up():
    measures = {measure for measure, _ in ADDITIVE}
    assert len(measures) >= 35
    assert ("user_stats_total_activity_time", "duration_ms") in ADDITIVE
    assert ("service_usage", "uptime_ms") in ADDITIVE
    assert ("labeling_counters", "created_count") in ADDITIVE
    assert ("labeling_counters", "item_count") not in ADDITIVE


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_measures_of_time_agree(warehouse, granularity: str):
    measures = {
        "total": "duration_ms from measures.user_stats_total_activity_time",
        "by_user": "duration_ms from measures.user_stats_activity_time",
        "by_task": "duration_ms from measures.user_stats_task_activity_time",
        "by_role": "duration_ms from measures.user_stats_activity_time_by_role",
        "by_field": "duration_ms from measures.user_stats_activity_time_by_field",
        "studio": "duration_ms from measures.user_stats_studio_time",
        "whole": "duration_ms from measures.annotation_whole_time",
        "assigned": "active_ms from measures.assignment_stats_active_time",
        "assigned_in_studio": "active_ms from measures.assignment_stats_studio_active_time",
        "idle": "case when activity_status = 'idle' and surface = 'studio' then duration_ms end"
        " from rollups.activity_by_period",
    }
    # All seconds of each user are added up above; these are those of one week.
    ((first,),) = warehouse.execute(
        "select min(started_at)::date from core.fct_activity"
    ).fetchall()
    span = "true"
    if granularity == "second":
        span = f"period_start between timestamp '{first}' and timestamp '{first + WEEK}'"
    rows = " union all ".join(
        f"select time_granularity, period_start, user_id, '{name}' as measure, {column_and_source}"
        for name, column_and_source in measures.items()
    )
    warehouse.execute(
        f"""
        create or replace temp table sums as
        pivot (
            select period_start, user_id, measure, duration_ms as ms
            from ({rows}) where time_granularity = '{granularity}' and {span}
        )
        on measure in {tuple(measures)}
        using coalesce(sum(ms), 0)
        """
    )
    wrong = warehouse.execute(
        """
        select * from sums
        where
            by_user <> total or by_task <> total or by_role <> total or by_field <> total
            or studio > total or assigned_in_studio > assigned or assigned > total
            or whole <> studio + idle
        limit 5
        """
    ).fetchall()
    assert wrong == []
    some = warehouse.execute("select sum(total), sum(idle), sum(assigned) from sums").fetchone()
    assert min(some) > 0


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_measures_of_labelling_agree(warehouse, granularity: str):
    def sums(query: str) -> Counter:
        return counted(warehouse.execute(query).fetchall())

    where = f"where time_granularity = '{granularity}'"
    timeline = sums(
        f"select period_start, action, action_count from measures.annotation_timeline {where}"
    )
    assert timeline
    assert timeline == sums(
        "select period_start, action, action_count"
        f" from measures.labeling_actions_per_label {where}"
    )
    assert timeline == sums(
        "unpivot (select period_start, sum(created_count) as created,"
        " sum(updated_count) as updated, sum(deleted_count) as deleted"
        f" from measures.labeling_counters {where} group by all)"
        " on created, updated, deleted into name action value objects"
    )


@pytest.mark.parametrize(("coarse", "fine"), [("month", "day"), ("week", "day"), ("day", "hour")])
def test_users_of_a_period_are_those_of_its_parts(warehouse, coarse: str, fine: str):
    def users(granularity: str) -> dict:
        rows = warehouse.execute(
            f"select date_trunc('{coarse}', period_start), period_start, user_id"
            f" from measures_{granularity}.active_users"
        ).fetchall()
        found: dict = {}
        for period, part, user in rows:
            found.setdefault(period, {}).setdefault(part, set()).add(user)
        return found

    whole, parts = users(coarse), users(fine)
    assert whole.keys() == parts.keys()
    for period, found in parts.items():
        assert set().union(*found.values()) == whole[period][period]
        assert len(whole[period][period]) <= sum(map(len, found.values()))
    facts = warehouse.execute(
        f"select date_trunc('{coarse}', event_at), count(distinct user_id)"
        " from core.fct_events where user_id is not null group by 1"
    ).fetchall()
    assert dict(facts) == {period: len(whole[period][period]) for period in whole}
