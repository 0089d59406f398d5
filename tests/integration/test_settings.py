"""Settings of working time against the independent calculation: the same log, counted otherwise."""

from __future__ import annotations

import pytest

from tests.integration.test_measures_against_oracle import MEASURES, differences, rows_of
from tests.oracle import expected
from tests.oracle.compare import LOG
from tests.oracle.contract import CONTRACT

GRANULARITIES = ("minute", "day")


@pytest.mark.parametrize(
    "variables",
    [
        {"client_batches_are_events": True},
        {"working_time_methods": ["derived"]},
        {
            "working_time_methods": ["reported", "derived"],
            "activity_gap_threshold_ms": 60_000,
            "idle_cutoff_ms": 120_000,
        },
    ],
    ids=["batches are events", "derived alone", "another clock"],
)
def test_measures_follow_the_settings(build_warehouse, variables: dict):
    warehouse = build_warehouse(LOG, variables=variables, select=MEASURES)
    wanted = expected(sorted(LOG.iterdir()), variables=variables, granularities=GRANULARITIES)
    for measure in CONTRACT:
        rows = rows_of(warehouse, measure, f"time_granularity in {GRANULARITIES}")
        assert differences(measure, rows, wanted[measure]) == {"missing": [], "unexpected": []}
