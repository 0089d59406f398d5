"""Logs of Appraise and Zooniverse, from their rows to measures: small files made by hand.

The expectations were worked out on paper from tests/fixtures/sources. `scores_again.csv` and
`birds_later.csv` overlap the others, as later exports do.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.home import Home
from orchestration.landing import land
from tests.conftest import build
from tests.law.compare import differences

LOGS = Path(__file__).resolve().parent.parent / "fixtures" / "sources"
FIRST = (LOGS / "appraise" / "scores.csv", LOGS / "zooniverse" / "birds.csv")
LATER = (LOGS / "appraise" / "scores_again.csv", LOGS / "zooniverse" / "birds_later.csv")
SOURCES = ("appraise", "zooniverse")

GUEST = "not-logged-in-abc"


def land_and_build(home: Home, *files: Path) -> None:
    assert {outcome.status for outcome in land(files, home)} == {"landed"}
    assert build(home).success


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """All files as one load."""
    home = Home(tmp_path_factory.mktemp("at_once"))
    land_and_build(home, *FIRST, *LATER)
    return home


@pytest.fixture(scope="module")
def warehouse(home: Home) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(home.build_file), read_only=True)


def asked(warehouse: duckdb.DuckDBPyConnection, query: str) -> dict:
    """Return key -> last column, without what is 0 or nothing."""
    found = {}
    for *key, value in warehouse.execute(query).fetchall():
        if value:
            found[key[0] if len(key) == 1 else tuple(key)] = value
    return found


def day(number: int, month: int = 3, year: int = 2024) -> datetime:
    return datetime(year, month, number)


def november(number: int) -> datetime:
    return day(number, 11, 2023)


def test_every_landed_row_is_accounted_for(warehouse):
    query = (
        "select source, sum(landed)::bigint, sum(accepted)::bigint, sum(duplicates)::bigint,"
        " sum(quarantined)::bigint from quality.load_audit group by source order by source"
    )
    assert warehouse.execute(query).fetchall() == [
        # A score that was exported twice in one file counts twice, an id once.
        ("appraise", 10 + 3, 7, 2, 4),
        ("zooniverse", 12 + 2, 9, 2, 3),
    ]
    broken = "select * from quality.load_audit where landed <> accepted + duplicates + quarantined"
    assert warehouse.execute(broken).fetchall() == []


def test_what_is_bad_is_in_quarantine_with_its_line(warehouse):
    query = (
        "select file_name, line_number, reason from quality.quarantine"
        " order by file_name, line_number"
    )
    assert warehouse.execute(query).fetchall() == [
        ("birds.csv", 7, "end_before_start"),
        ("birds.csv", 8, "missing_time"),
        ("birds.csv", 9, "wrong_type"),
        ("scores.csv", 6, "end_before_start"),
        ("scores.csv", 7, "wrong_column_count"),
        ("scores.csv", 8, "wrong_type"),
        ("scores.csv", 10, "wrong_type"),
    ]


def test_active_time_of_people(warehouse):
    # anna1: 30.5 s twice, 30 s (10.5 s of them overlap), 0, 10 s; both overlapping stretches count.
    assert asked(
        warehouse,
        "select user_id, sum(duration_ms)::bigint from measures_month.user_stats_activity_time"
        " group by all",
    ) == {"anna1": 101_000, "anna2": 222_000, "rosa": 32_750, GUEST: 7_200_000, "tom": 40_000}


def test_active_time_is_cut_at_hours(warehouse):
    assert asked(
        warehouse,
        "select assignment_id, period_start, sum(active_ms)::bigint"
        " from measures_hour.assignment_stats_active_time where user_id in ('anna2', 'tom')"
        " group by all",
    ) == {
        ("anna2", datetime(2023, 11, 14, 23)): 100_000,
        ("anna2", datetime(2023, 11, 15, 0)): 122_000,
        ("77", datetime(2024, 3, 1, 16)): 10_000,
        ("77", datetime(2024, 3, 1, 23)): 10_000,
        ("77", datetime(2024, 3, 2, 0)): 20_000,
    }


def test_annotation_time_of_items(warehouse):
    found = asked(
        warehouse,
        "select item_id, sum(duration_ms)::bigint from measures_month.item_annotation_duration"
        " group by all",
    )
    assert found == {
        **{"doc-1:1": 61_000, "doc-1:2": 30_000, "doc-1:4": 10_000},
        **{"doc-2:1": 220_000, "doc-2:5": 2_000},
        **{"900": 12_500, "901": 7_500, "902": 7_200_000, "903": 4_000, "904": 4_000},
        **{"905": 10_000, "906;907": 30_000, "909": 4_750},
    }


def test_annotation_time_of_assignments(warehouse):
    assert asked(
        warehouse,
        "select assignment_id, sum(duration_ms)::bigint"
        " from measures_month.assignment_stats_annotation_action_time_stats group by all",
    ) == {"anna1": 101_000, "anna2": 222_000, "77": 7_272_750}


def test_annotations_of_days(warehouse):
    # An annotation is made when it is saved: one of the 14th at 23:58:20 counts on the 15th.
    assert asked(
        warehouse,
        "select period_start, sum(action_count)::bigint from measures_day.annotation_timeline"
        " where action = 'created' group by all",
    ) == {november(14): 4, november(15): 2, november(16): 1, day(1): 6, day(2): 2, day(5): 1}


def test_annotations_of_labels(warehouse):
    # Of a score the worst error; of a classification the first answer, whatever its question is.
    assert asked(
        warehouse,
        "select label, sum(action_count)::bigint from measures_month.labeling_actions_per_label"
        " where label is not null group by all",
    ) == {
        **{"major": 1, "minor": 1, "critical": 1},
        **{"FOX": 1, "Yes": 1, "Beak": 1, "Blue": 1, "Oklahoma": 1, "3": 1},
        **{"Nothing here": 1, r"Gr\xfcn": 1},
    }


def test_people_of_days(warehouse):
    found = asked(
        warehouse,
        "select period_start, list(distinct user_id order by user_id)"
        " from measures_day.active_users group by all",
    )
    assert found == {
        november(14): ["anna1", "anna2"],
        november(15): ["anna2"],
        november(16): ["anna1"],
        day(1): [GUEST, "rosa", "tom"],
        day(2): ["tom"],
        day(5): ["rosa"],
    }


def test_items_that_were_completed(warehouse):
    # Appraise says when an item is done; in Zooniverse others go on with it.
    assert asked(
        warehouse,
        "select assignment_id, period_start, sum(status_count)::bigint"
        " from measures_day.item_status_timeline where status = 'completed' group by all",
    ) == {("anna1", november(14)): 4, ("anna2", november(15)): 2, ("anna1", november(16)): 1}


def test_what_else_a_row_says_is_in_its_event(warehouse):
    assert asked(
        warehouse,
        "select payload ->> 'system', sum((payload ->> 'score')::double) from core.fct_events"
        " where source_system = 'appraise' and scope = 'created:annotation' group by all",
    ) == {"SYS-A": 80 + 80 + 60 + 0 + 55 + 90, r"SYS-\xe9": 70}
    assert asked(
        warehouse, "select user_id, user_name from core.dim_users where user_id like 'r%'"
    ) == {"rosa": "rosa"}


def test_what_looks_odd_is_named(warehouse):
    query = (
        "select file_name, line_number, column_name, value, suspicion from quality.suspect_values"
        " order by file_name, line_number"
    )
    assert warehouse.execute(query).fetchall() == [
        ("birds.csv", 4, "saved_at", "7200000", "open_for_hours"),
        ("birds.csv", 10, "saved_at", "-3600000", "clock_off"),
        ("birds.csv", 12, "workflow_name, annotations", r"V\xf6gel", "bytes_not_utf8"),
        ("scores.csv", 9, "system", r"SYS-\xe9", "bytes_not_utf8"),
    ]


def test_each_sample_can_be_traced_to_its_line(warehouse):
    query = (
        "select distinct events.scope, origins.line_number from core.fct_events as events"
        " inner join quality.event_origins as origins using (event_id)"
        " where events.user_id = 'anna2' and origins.is_accepted order by all"
    )
    assert warehouse.execute(query).fetchall() == [
        (scope, line)
        for scope in ("active:activity", "create:item_status", "created:annotation")
        for line in (5, 9)
    ]


def test_landing_again_changes_nothing(home: Home):
    before = sorted(path.name for path in home.lake.iterdir())
    again = land([*FIRST, *LATER], home)
    assert {outcome.status for outcome in again} == {"already landed"}
    assert sorted(path.name for path in home.lake.iterdir()) == before


def test_two_loads_built_in_turn_are_one_load(home: Home, tmp_path_factory: pytest.TempPathFactory):
    in_turn = Home(tmp_path_factory.mktemp("in_turn"))
    land_and_build(in_turn, *LATER)
    land_and_build(in_turn, *FIRST)
    assert differences(home.build_file, in_turn.build_file) == []
