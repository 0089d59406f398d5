"""All 47 measures at all six granularities against the independent calculation.

The expected rows beside the log of oddities come from `tests/oracle`, plain Python that shares no
code and no SQL with the project; the rows of other time zones come from the same calculation.
"""

from __future__ import annotations

from collections import Counter

import duckdb
import pytest

from tests.oracle import expected
from tests.oracle.compare import LOG, comparable, read_expected
from tests.oracle.contract import CONTRACT, header


def rows_of(warehouse: duckdb.DuckDBPyConnection, measure: str, where: str = "true") -> list[dict]:
    columns = ", ".join(header(measure))
    rows = warehouse.execute(f"select {columns} from measures.{measure} where {where}").fetchall()
    return [dict(zip(header(measure), row, strict=True)) for row in rows]


def differences(measure: str, actual: list[dict], wanted: list[dict]) -> dict[str, list]:
    found, asked = Counter(comparable(measure, actual)), Counter(comparable(measure, wanted))
    return {
        "missing": sorted((asked - found).elements())[:5],
        "unexpected": sorted((found - asked).elements())[:5],
    }


@pytest.mark.parametrize("measure", CONTRACT)
def test_measure_has_the_expected_rows(oddities, measure: str):
    wanted = read_expected(measure)
    assert wanted
    assert differences(measure, rows_of(oddities, measure), wanted) == {
        "missing": [],
        "unexpected": [],
    }


LOCAL = ("day", "week", "month")

MEASURES = ("+path:models/marts/measures",)
"""They and what they need."""


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"],
)
def test_days_weeks_and_months_follow_the_reporting_time_zone(build_warehouse, zone: str):
    variables = {"reporting_timezone": zone}
    warehouse = build_warehouse(LOG, variables=variables, select=MEASURES)
    wanted = expected(sorted(LOG.iterdir()), variables=variables, granularities=LOCAL)
    wrong = {
        measure: found
        for measure in CONTRACT
        for found in [
            differences(
                measure,
                rows_of(warehouse, measure, f"time_granularity in {LOCAL}"),
                wanted[measure],
            )
        ]
        if found["missing"] or found["unexpected"]
    }
    assert wrong == {}
