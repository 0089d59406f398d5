"""The expected rows of the log of oddities: as calculated now, and as reviewed by hand."""

from __future__ import annotations

import re
import runpy
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import pytest

from . import expected
from .compare import EXPECTED, LOG, ODDITIES, comparable, read_expected
from .contract import CONTRACT, header

SECTION = re.compile(r"^## (\w+)\n.*?```csv\n(.*?)```", re.MULTILINE | re.DOTALL)
REVIEWED = dict(SECTION.findall((ODDITIES / "REVIEW.md").read_text(encoding="utf-8")))


def log() -> list:
    return sorted(LOG.iterdir())


def test_the_log_is_what_its_script_writes() -> None:
    written = runpy.run_path(str(ODDITIES / "make_log.py"))["files"]()
    assert {path.name: path.read_bytes() for path in log()} == written


@pytest.mark.parametrize("measure", CONTRACT)
def test_stored_rows_are_the_calculated_ones(measure: str) -> None:
    rows = expected(log(), measures=[measure])[measure]
    assert rows
    assert comparable(measure, rows) == comparable(measure, read_expected(measure))


@pytest.mark.parametrize("measure", CONTRACT)
def test_rows_reviewed_by_hand_stand_in_the_files(measure: str) -> None:
    lines = (EXPECTED / f"{measure}.csv").read_text(encoding="utf-8").splitlines()
    reviewed = REVIEWED[measure].splitlines()
    assert reviewed
    assert [row for row in reviewed if row not in lines] == []


ADDITIVE = [
    name
    for name, columns in CONTRACT.items()
    if columns.components in (("duration_ms",), ("active_ms",), ("uptime_ms",), ("change_count",))
]


@pytest.mark.parametrize("measure", ADDITIVE)
def test_what_is_additive_adds_up_the_same_at_every_granularity(measure: str) -> None:
    component = CONTRACT[measure].components[0]
    columns = [c for c in header(measure)[2:] if c not in (component, "value")]
    totals: dict[str, dict[tuple, int]] = defaultdict(lambda: defaultdict(int))
    for row in read_expected(measure):
        totals[row["time_granularity"]][tuple(row[c] for c in columns)] += row[component]
    assert len(totals) == 6
    assert all(of_one == totals["second"] for of_one in totals.values())


def test_days_and_months_of_a_zone_with_summer_time() -> None:
    """By hand, in Berlin: 31 March has 23 hours, 27 October 25, and midnight is at 23:00 or 22:00.

    Boris's 90 s from 23:59:20 UTC lie in April as a whole: March keeps 60 + 45 + 2 + 60 s.
    Chloe's 10 s from 23:59:56 UTC lie on the 28th, so that the 27th has only her job's time.
    """
    measure = "user_stats_studio_time"
    rows = expected(
        log(),
        variables={"reporting_timezone": "Europe/Berlin"},
        granularities=["day", "month"],
        measures=[measure, "user_stats_total_activity_time"],
    )
    found = {
        (row["time_granularity"], row["period_start"]): row["value"]
        for row in rows[measure]
        if (row["user_id"], row["assignment_id"]) == ("8", "1000")
    }
    assert found == {
        ("day", datetime(2024, 3, 29, 23)): 105_000,
        ("day", datetime(2024, 3, 30, 23)): 62_000,
        ("day", datetime(2024, 3, 31, 22)): 120_000,
        ("month", datetime(2024, 2, 29, 23)): 167_000,
        ("month", datetime(2024, 3, 31, 22)): 120_000,
    }
    chloe: dict[tuple, int] = defaultdict(int)
    for row in rows["user_stats_total_activity_time"]:
        if row["user_id"] == "9" and row["time_granularity"] == "day":
            chloe[row["period_start"], row["assignment_id"]] += row["value"]
    assert chloe == {
        (datetime(2024, 10, 26, 22), "3000"): 535_001,
        (datetime(2024, 10, 26, 22), "3001"): 15_001,
        (datetime(2024, 10, 27, 23), None): 10_000,
        (datetime(2024, 10, 28, 23), "3000"): 3_000,
        (datetime(2024, 10, 29, 23), "3000"): 60_000,
    }


def test_batches_may_count_as_events() -> None:
    """Chloe's stored rows are 8; her batches hold 19 events, of which one is never stored."""
    counts = []
    for included in (False, True):
        rows = expected(
            log(),
            variables={"client_batches_are_events": included},
            granularities=["month"],
            measures=["active_users"],
        )["active_users"]
        counts.append(sum(row["event_count"] for row in rows if row["user_id"] == "9"))
    # The activity sample of user 9 is an event as well.
    assert counts == [8 + 1, 8 + 1 + 19 - 1]


def test_ratios_are_read_as_they_are_written() -> None:
    values = {row["value"] for row in read_expected("execution_duration")}
    assert Decimal("1225.333333") in values
