"""Definitions that people argue about, on a small log whose answers were worked out by hand.

- CVAT's own report: 1806 objects created, 495 deleted, 41.7905 h: 1311 objects, 31.37 an hour.
- States at the end of a period: items (measure 7), issues (26), pods (34), metrics (39).
- The cycles of issues that are sent back, reopened and cleared (27, 29 to 33).

The log stands in definitions_log.py; read it beside the answers.
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest
from definitions_log import CVAT_ISSUES_PROJECT, REPORT_JOB, write_log

from tests.conftest import BuildWarehouse

Rows = list[tuple]


@pytest.fixture(scope="module")
def warehouse(
    tmp_path_factory: pytest.TempPathFactory, build_warehouse: BuildWarehouse
) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("definitions")
    write_log(folder)
    return build_warehouse(folder)


def rows(warehouse: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """Return rows, times as text to the second."""
    return [
        tuple(str(cell) if isinstance(cell, datetime) else cell for cell in row)
        for row in warehouse.execute(query).fetchall()
    ]


# CVAT's report: created, deleted, hours, and the speed that follows -----------------------------


def test_objects_and_speed_of_the_report(warehouse):
    ((created, deleted, net),) = rows(
        warehouse,
        "select sum(created_count), sum(deleted_count), sum(created_count) - sum(deleted_count)"
        f" from measures_month.labeling_counters where assignment_id = '{REPORT_JOB}'",
    )
    assert (created, deleted, net) == (1806, 495, 1311)
    times = (
        ("user_stats_total_activity_time", "duration_ms"),
        ("user_stats_studio_time", "duration_ms"),
        ("assignment_stats_active_time", "active_ms"),
    )
    for measure, component in times:
        ((hours,),) = rows(
            warehouse,
            f"select sum({component}) / 3600000 from measures_month.{measure}"
            f" where assignment_id = '{REPORT_JOB}'",
        )
        assert hours == pytest.approx(41.7905, abs=1e-9)
        assert round(net / hours, 2) == 31.37


def test_speed_of_each_day_and_a_negative_one(warehouse):
    found = rows(
        warehouse,
        f"""
        select period_start, net, active_ms, round(net / (active_ms / 3600000), 2)
        from (
            select period_start, sum(created_count) - sum(deleted_count) as net
            from measures_day.labeling_counters
            where assignment_id = '{REPORT_JOB}' group by all
        )
        inner join (
            select period_start, sum(active_ms) as active_ms
            from measures_day.assignment_stats_active_time
            where assignment_id = '{REPORT_JOB}' group by all
        ) using (period_start)
        order by period_start
        """,
    )
    assert found == [
        ("2026-03-02 00:00:00", 350, 28_800_000, 43.75),  # 350 / 8
        ("2026-03-03 00:00:00", -294, 7_200_000, -147.0),  # -294 / 2
        ("2026-03-04 00:00:00", 455, 28_800_000, 56.88),  # 455 / 8 = 56.875
        ("2026-03-05 00:00:00", 400, 28_800_000, 50.0),
        ("2026-03-06 00:00:00", 200, 28_800_000, 25.0),
        ("2026-03-07 00:00:00", 200, 28_045_800, 25.67),  # 200 / 7.79050 = 25.672
    ]


def test_work_of_the_report_spreads_over_its_hours(warehouse):
    # 8 h from 08:00 on, 2 h on the 3rd, 7 h 47 min 25.8 s on the 7th.
    found = rows(
        warehouse,
        "select period_start::date, count(*), min(active_ms), max(active_ms)"
        f" from measures_hour.assignment_stats_active_time where assignment_id = '{REPORT_JOB}'"
        " group by all order by all",
    )
    assert [row[1:] for row in found] == [
        (8, 3_600_000, 3_600_000),
        (2, 3_600_000, 3_600_000),
        (8, 3_600_000, 3_600_000),
        (8, 3_600_000, 3_600_000),
        (8, 3_600_000, 3_600_000),
        (8, 2_845_800, 3_600_000),
    ]


# 7: items by their status ------------------------------------------------------------------------

WEEKLY = {
    # Each row: status, items in it, items in all, completed or approved, remaining.
    "second": {
        "2026-03-02 10:00:00": [("completed", 1, 1, 1, 0)],
        "2026-03-02 10:00:30": [("completed", 2, 2, 2, 0)],
        "2026-03-08 23:59:59": [("approved", 1, 2, 2, 0), ("completed", 1, 2, 2, 0)],
        # i2 has no status now.
        "2026-03-09 00:00:00": [("approved", 1, 2, 1, 1), ("completed", 0, 2, 1, 1)],
        "2026-03-09 00:00:30": [
            ("approved", 1, 2, 1, 1),
            ("completed", 0, 2, 1, 1),
            ("discard", 1, 2, 1, 1),
        ],
        "2026-03-31 23:59:59": [
            ("approved", 1, 3, 2, 1),
            ("completed", 1, 3, 2, 1),
            ("discard", 1, 3, 2, 1),
        ],
    },
    "minute": {
        "2026-03-02 10:00:00": [("completed", 2, 2, 2, 0)],
        "2026-03-08 23:59:00": [("approved", 1, 2, 2, 0), ("completed", 1, 2, 2, 0)],
        "2026-03-09 00:00:00": [
            ("approved", 1, 2, 1, 1),
            ("completed", 0, 2, 1, 1),
            ("discard", 1, 2, 1, 1),
        ],
        "2026-03-31 23:59:00": [
            ("approved", 1, 3, 2, 1),
            ("completed", 1, 3, 2, 1),
            ("discard", 1, 3, 2, 1),
        ],
    },
    "day": {
        "2026-03-02 00:00:00": [("completed", 2, 2, 2, 0)],
        "2026-03-08 00:00:00": [("approved", 1, 2, 2, 0), ("completed", 1, 2, 2, 0)],
        "2026-03-09 00:00:00": [
            ("approved", 1, 2, 1, 1),
            ("completed", 0, 2, 1, 1),
            ("discard", 1, 2, 1, 1),
        ],
        "2026-03-31 00:00:00": [
            ("approved", 1, 3, 2, 1),
            ("completed", 1, 3, 2, 1),
            ("discard", 1, 3, 2, 1),
        ],
    },
    "week": {
        # The change in the last ms of Sunday is in, the one a ms later is not.
        "2026-03-02 00:00:00": [("approved", 1, 2, 2, 0), ("completed", 1, 2, 2, 0)],
        "2026-03-09 00:00:00": [
            ("approved", 1, 2, 1, 1),
            ("completed", 0, 2, 1, 1),
            ("discard", 1, 2, 1, 1),
        ],
        "2026-03-30 00:00:00": [
            ("approved", 1, 3, 2, 1),
            ("completed", 1, 3, 2, 1),
            ("discard", 1, 3, 2, 1),
        ],
    },
    "month": {
        "2026-03-01 00:00:00": [
            ("approved", 1, 3, 2, 1),
            ("completed", 1, 3, 2, 1),
            ("discard", 1, 3, 2, 1),
        ],
    },
}


def states(warehouse: duckdb.DuckDBPyConnection, granularity: str, query: str) -> dict[str, Rows]:
    """Return period -> the other columns of its rows."""
    found: dict[str, Rows] = {}
    for period, *row in rows(warehouse, query.format(schema=f"measures_{granularity}")):
        found.setdefault(period, []).append(tuple(row))
    return found


COMPLETED_STATUS = """
    select period_start, status, item_count, total_count, completed_count, remaining_count
    from {{schema}}.assignment_stats_completed_status
    where assignment_id = '{}' order by period_start, status
"""


@pytest.mark.parametrize("granularity", WEEKLY)
def test_items_by_status_at_the_end_of_each_period(warehouse, granularity: str):
    query = COMPLETED_STATUS.format("weekly")
    assert states(warehouse, granularity, query) == WEEKLY[granularity]


def test_total_is_what_was_announced_last(warehouse):
    query = COMPLETED_STATUS.format("announced")
    assert states(warehouse, "day", query) == {
        "2026-03-03 00:00:00": [("completed", 1, 10, 1, 9)],
        # Cleared: the one item has no status, and by now there are 12.
        "2026-03-11 00:00:00": [("completed", 0, 12, 0, 12)],
    }
    assert states(warehouse, "month", query) == {
        "2026-03-01 00:00:00": [("completed", 0, 12, 0, 12)],
    }


def test_setting_a_status_again_changes_no_state(warehouse):
    query = COMPLETED_STATUS.format("again")
    assert states(warehouse, "day", query) == {
        "2026-03-03 00:00:00": [("completed", 1, 1, 1, 0)],
    }
    assert states(warehouse, "hour", query) == {
        "2026-03-03 10:00:00": [("completed", 1, 1, 1, 0)],
        "2026-03-03 11:00:00": [("completed", 1, 1, 1, 0)],
    }


def test_settings_are_counted_and_clearings_are_not(warehouse):
    found = rows(
        warehouse,
        "select assignment_id, status, sum(status_count)"
        " from measures_month.item_status_timeline where project_id = 'items'"
        " group by all order by all",
    )
    assert found == [
        ("again", "completed", 2),
        ("announced", "completed", 1),
        ("weekly", "approved", 1),
        ("weekly", "completed", 3),
        ("weekly", "discard", 1),
    ]


# 26 to 33: issues ------------------------------------------------------------------------------

ISSUE_COUNTERS = """
    select period_start, status, sum(issue_count)
    from {{schema}}.issue_counters
    where project_id = '{}' group by all order by period_start, status
"""


def test_issues_by_state_at_the_end_of_each_period(warehouse):
    query = ISSUE_COUNTERS.format("issues")
    after_clearing = [("approved", 0), ("cleared", 1), ("issue", 1), ("review", 0)]
    assert states(warehouse, "day", query) == {
        "2026-03-08 00:00:00": [("issue", 1)],
        "2026-03-09 00:00:00": [("approved", 1), ("issue", 1), ("review", 0)],
        "2026-03-10 00:00:00": after_clearing,
    }
    assert states(warehouse, "week", query) == {
        "2026-03-02 00:00:00": [("issue", 1)],
        "2026-03-09 00:00:00": after_clearing,
    }
    assert states(warehouse, "month", query) == {"2026-03-01 00:00:00": after_clearing}
    assert states(warehouse, "hour", query) == {
        "2026-03-08 23:00:00": [("issue", 1)],
        # The first is under review, the second was raised.
        "2026-03-09 08:00:00": [("issue", 1), ("review", 1)],
        # Sent back.
        "2026-03-09 09:00:00": [("issue", 2), ("review", 0)],
        "2026-03-09 10:00:00": [("issue", 1), ("review", 1)],
        "2026-03-09 11:00:00": [("approved", 1), ("issue", 1), ("review", 0)],
        # Reopened and cleared within the hour.
        "2026-03-10 08:00:00": after_clearing,
    }


def test_state_stands_with_who_raised_the_issue(warehouse):
    found = rows(
        warehouse,
        "select distinct user_id from measures.issue_counters where project_id = 'issues'",
    )
    assert found == [("rita",)]


def test_issues_of_cvat_reopened_and_deleted(warehouse):
    query = ISSUE_COUNTERS.format(CVAT_ISSUES_PROJECT)
    assert states(warehouse, "day", query) == {
        # 840001 resolved; 840002 resolved and deleted.
        "2026-03-02 00:00:00": [("approved", 1), ("cleared", 1), ("issue", 0)],
        "2026-03-03 00:00:00": [("approved", 0), ("cleared", 1), ("issue", 1)],
        "2026-03-04 00:00:00": [("approved", 0), ("cleared", 2), ("issue", 0)],
    }


TIMES = """
    select period_start, sum(issue_count), sum(duration_ms), min(duration_ms_min),
        max(duration_ms_max)
    from measures_day.{} where project_id = '{}' group by all order by period_start
"""


def test_each_correction_is_measured(warehouse):
    # Until 08:00 from the last ms of Sunday: 8 h and 1 ms. Sent back at 09:00, until 10:00: 1 h.
    assert rows(warehouse, TIMES.format("issue_correction_time", "issues")) == [
        ("2026-03-09 00:00:00", 2, 32_400_001, 3_600_000, 28_800_001),
    ]


def test_only_the_review_that_led_to_it_is_an_approval(warehouse):
    # The review of 08:00 was sent back; that of 10:00 was approved at 11:00.
    assert rows(warehouse, TIMES.format("issue_approval_time", "issues")) == [
        ("2026-03-09 00:00:00", 1, 3_600_000, 3_600_000, 3_600_000),
    ]


def test_each_cycle_is_resolved_by_itself(warehouse):
    # Opened in the last ms of Sunday, approved at 11:00; opened again at 08:00, cleared at 08:30.
    assert rows(warehouse, TIMES.format("issue_resolve_time", "issues")) == [
        ("2026-03-09 00:00:00", 1, 39_600_001, 39_600_001, 39_600_001),
        ("2026-03-10 00:00:00", 1, 1_800_000, 1_800_000, 1_800_000),
    ]
    # 840001: 2 h, reopened for 24 h. 840002: deleted after it was resolved, 3 h in all.
    assert rows(warehouse, TIMES.format("issue_resolve_time", CVAT_ISSUES_PROJECT)) == [
        ("2026-03-02 00:00:00", 2, 18_000_000, 7_200_000, 10_800_000),
        ("2026-03-04 00:00:00", 1, 86_400_000, 86_400_000, 86_400_000),
    ]


def test_an_issue_is_raised_once_a_cycle(warehouse):
    per_label = rows(
        warehouse,
        "select period_start, label, sum(issue_count) from measures_day.issue_per_label"
        " where project_id = 'issues' group by all order by period_start",
    )
    # Sending it back on the 9th raises nothing; that day's is the second issue.
    assert per_label == [
        ("2026-03-08 00:00:00", "car", 1),
        ("2026-03-09 00:00:00", "car", 1),
        ("2026-03-10 00:00:00", "car", 1),
    ]
    per_annotator = rows(
        warehouse,
        "select user_id, sum(issue_count) from measures_month.issue_per_annotator"
        " where project_id = 'issues' group by all",
    )
    assert per_annotator == [("anna", 3)]


def test_each_change_of_an_issue_counts(warehouse):
    found = rows(
        warehouse,
        "select status, sum(change_count) from measures_month.issue_timeline"
        " where project_id = 'issues' group by all order by status",
    )
    assert found == [("approved", 1), ("cleared", 1), ("issue", 4), ("review", 2)]


# 34: pods; 39: metrics ----------------------------------------------------------------------

REPLICA_STATUS = """
    select period_start, pod_id, status, restarts_max
    from {schema}.service_replica_status
    where project_id = 'pods' order by period_start, pod_id
"""


def test_pods_by_their_last_status(warehouse):
    assert states(warehouse, "week", REPLICA_STATUS) == {
        "2026-03-02 00:00:00": [("p1", "failed", 2)],
        "2026-03-09 00:00:00": [("p1", "running", 0), ("p2", "paused", None)],
    }
    assert states(warehouse, "month", REPLICA_STATUS) == {
        "2026-03-01 00:00:00": [("p1", "running", 2), ("p2", "paused", None)],
    }
    # Nothing is carried into the days between.
    assert states(warehouse, "day", REPLICA_STATUS) == {
        "2026-03-08 00:00:00": [("p1", "failed", 2)],
        "2026-03-09 00:00:00": [("p1", "running", 0)],
        "2026-03-12 00:00:00": [("p2", "paused", None)],
    }
    assert states(warehouse, "minute", REPLICA_STATUS) == {
        "2026-03-08 23:59:00": [("p1", "failed", 2)],
        "2026-03-09 00:00:00": [("p1", "initializing", 0)],
        "2026-03-09 10:00:00": [("p1", "running", 0)],
        "2026-03-12 10:00:00": [("p2", "paused", None)],
    }


SNAPSHOT_DATA = """
    select period_start, x, y from {schema}.snapshot_data
    where project_id = 'metrics' order by period_start, x
"""


def test_metrics_by_their_last_value(warehouse):
    assert states(warehouse, "week", SNAPSHOT_DATA) == {
        "2026-03-02 00:00:00": [(1, 0.5)],
        "2026-03-09 00:00:00": [(1, 0.25), (2, 9.0)],
    }
    assert states(warehouse, "month", SNAPSHOT_DATA) == {
        "2026-03-01 00:00:00": [(1, 0.25), (2, 9.0)],
    }
    assert states(warehouse, "second", SNAPSHOT_DATA) == {
        "2026-03-08 23:59:59": [(1, 0.5)],
        "2026-03-09 00:00:00": [(1, 0.25)],
        "2026-03-10 10:00:00": [(2, 9.0)],
    }
