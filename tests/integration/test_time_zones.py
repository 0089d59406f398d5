"""Days that are not 24 hours long: local days, weeks and months worked out by hand.

Each zone has stretches of one user each that cross the edges of a strange day. All instants are
UTC; a bucket is named by the instant at which it starts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import NamedTuple

import duckdb
import pytest

from orchestration.home import Home
from orchestration.landing import land
from tests.conftest import build

HOUR_MS = 3_600_000
LOCAL = ("day", "week", "month")


class Stretch(NamedTuple):
    """A stretch of active time, and how many hours of it each bucket holds."""

    user: str
    zone: str
    start: str
    end: str
    days: dict[str, float]
    weeks: dict[str, float]
    months: dict[str, float]


class Edge(NamedTuple):
    """Two days of a zone: the last ms of the one and the first instant of the other."""

    zone: str
    before: str
    day_before: str
    after: str
    day_after: str


STRETCHES = (
    # 31 March 2024 has 23 hours: +1 until 01:00 UTC, +2 after it. Sunday, the last of the month.
    Stretch(
        "berlin spring",
        "Europe/Berlin",
        "2024-03-30 22:00",
        "2024-03-31 23:00",
        days={"2024-03-29 23:00": 1, "2024-03-30 23:00": 23, "2024-03-31 22:00": 1},
        weeks={"2024-03-24 23:00": 24, "2024-03-31 22:00": 1},
        months={"2024-02-29 23:00": 24, "2024-03-31 22:00": 1},
    ),
    # 27 October 2024 has 25 hours: +2 until 01:00 UTC, +1 after it. A Sunday.
    Stretch(
        "berlin autumn",
        "Europe/Berlin",
        "2024-10-26 21:00",
        "2024-10-28 00:00",
        days={"2024-10-25 22:00": 1, "2024-10-26 22:00": 25, "2024-10-27 23:00": 1},
        weeks={"2024-10-20 22:00": 26, "2024-10-27 23:00": 1},
        months={"2024-09-30 22:00": 27},
    ),
    # +5:30 all year: midnight is at 18:30 UTC, in the middle of an hour. 1 March 2024 is a Friday.
    Stretch(
        "kolkata",
        "Asia/Kolkata",
        "2024-02-29 17:00",
        "2024-02-29 19:00",
        days={"2024-02-28 18:30": 1.5, "2024-02-29 18:30": 0.5},
        weeks={"2024-02-25 18:30": 2},
        months={"2024-01-31 18:30": 1.5, "2024-02-29 18:30": 0.5},
    ),
    # Thursday 29 December 2011 was at -10 and ended where Saturday 31 began, at +14.
    Stretch(
        "apia",
        "Pacific/Apia",
        "2011-12-30 08:00",
        "2011-12-30 12:00",
        days={"2011-12-29 10:00": 2, "2011-12-30 10:00": 2},
        weeks={"2011-12-26 10:00": 4},
        months={"2011-12-01 10:00": 4},
    ),
    # 28, 29, 31 December and 1 January: each at least touched, Sunday the 1st within the week.
    Stretch(
        "apia long",
        "Pacific/Apia",
        "2011-12-29 09:00",
        "2011-12-31 11:00",
        days={
            "2011-12-28 10:00": 1,
            "2011-12-29 10:00": 24,
            "2011-12-30 10:00": 24,
            "2011-12-31 10:00": 1,
        },
        weeks={"2011-12-26 10:00": 50},
        months={"2011-12-01 10:00": 49, "2011-12-31 10:00": 1},
    ),
    # Sunday 15 October 2017 starts at 01:00: at midnight, 03:00 UTC, -3 becomes -2.
    Stretch(
        "sao paulo",
        "America/Sao_Paulo",
        "2017-10-15 02:00",
        "2017-10-16 03:00",
        days={"2017-10-14 03:00": 1, "2017-10-15 03:00": 23, "2017-10-16 02:00": 1},
        weeks={"2017-10-09 03:00": 24, "2017-10-16 02:00": 1},
        months={"2017-10-01 03:00": 25},
    ),
    # Sunday 6 November 2022 has midnight to 01:00 twice: -4 until 05:00 UTC, -5 after it.
    Stretch(
        "havana",
        "America/Havana",
        "2022-11-06 03:00",
        "2022-11-07 06:00",
        days={"2022-11-05 04:00": 1, "2022-11-06 04:00": 25, "2022-11-07 05:00": 1},
        weeks={"2022-10-31 04:00": 26, "2022-11-07 05:00": 1},
        months={"2022-11-01 04:00": 27},
    ),
    # The first of the two hours alone: all of it is of the 6th.
    Stretch(
        "havana first midnight",
        "America/Havana",
        "2022-11-06 04:00",
        "2022-11-06 05:00",
        days={"2022-11-06 04:00": 1},
        weeks={"2022-10-31 04:00": 1},
        months={"2022-11-01 04:00": 1},
    ),
)

EDGES = (
    Edge(
        "Europe/Berlin",
        *("2024-03-30 22:59:59.999", "2024-03-29 23:00"),
        *("2024-03-30 23:00:00.000", "2024-03-30 23:00"),
    ),
    Edge(
        "Europe/Berlin",
        *("2024-03-31 21:59:59.999", "2024-03-30 23:00"),
        *("2024-03-31 22:00:00.000", "2024-03-31 22:00"),
    ),
    Edge(
        "Europe/Berlin",
        *("2024-10-27 22:59:59.999", "2024-10-26 22:00"),
        *("2024-10-27 23:00:00.000", "2024-10-27 23:00"),
    ),
    Edge(
        "Asia/Kolkata",
        *("2024-02-29 18:29:59.999", "2024-02-28 18:30"),
        *("2024-02-29 18:30:00.000", "2024-02-29 18:30"),
    ),
    Edge(
        "Pacific/Apia",
        *("2011-12-30 09:59:59.999", "2011-12-29 10:00"),
        *("2011-12-30 10:00:00.000", "2011-12-30 10:00"),
    ),
    Edge(
        "America/Sao_Paulo",
        *("2017-10-15 02:59:59.999", "2017-10-14 03:00"),
        *("2017-10-15 03:00:00.000", "2017-10-15 03:00"),
    ),
    Edge(
        "America/Havana",
        *("2022-11-06 03:59:59.999", "2022-11-05 04:00"),
        *("2022-11-06 04:00:00.000", "2022-11-06 04:00"),
    ),
    # From the first midnight hour into the second: the same day.
    Edge(
        "America/Havana",
        *("2022-11-06 04:59:59.999", "2022-11-06 04:00"),
        *("2022-11-06 05:00:00.000", "2022-11-06 04:00"),
    ),
)

ZONES = tuple(dict.fromkeys(stretch.zone for stretch in STRETCHES))


def epoch_ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def sample(kind: str, action: str, user: str, start: str, end: str, data: dict) -> dict:
    return {
        "startTime": epoch_ms(start),
        "endTime": epoch_ms(end),
        "context": {"userId": user, "projectId": "zones"},
        "eventType": kind,
        "entityType": kind,
        "action": action,
        "data": data,
    }


def edge_user(edge: Edge, side: str) -> str:
    return f"{edge.after} {side}"


def samples() -> Iterator[dict]:
    for stretch in STRETCHES:
        data = {"surface": "studio"}
        yield sample("activity", "active", stretch.user, stretch.start, stretch.end, data)
    for edge in EDGES:
        for side, at in (("before", edge.before), ("after", edge.after)):
            yield sample("annotation", "created", edge_user(edge, side), at, at, {})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A warehouse of the log in UTC, which the zones then build again."""
    folder = tmp_path_factory.mktemp("zones")
    (folder / "samples.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in samples()))
    home = Home(folder / "home")
    land([folder / "samples.jsonl"], home)
    assert build(home).success
    return home


def buckets(warehouse: duckdb.DuckDBPyConnection, granularity: str) -> list[tuple]:
    """Return all rows of both measures at one granularity."""
    return warehouse.execute(
        """
        select 'time' as measure, period_start, user_id, duration_ms
        from measures.user_stats_total_activity_time where time_granularity = $granularity
        union all
        select 'actions', period_start, user_id, action_count
        from measures.annotation_timeline where time_granularity = $granularity
        order by all
        """,
        {"granularity": granularity},
    ).fetchall()


@pytest.fixture(scope="module")
def in_utc(home: Home) -> dict[str, list[tuple]]:
    """The buckets of UTC, read before any zone is built."""
    with closing(duckdb.connect(str(home.build_file), read_only=True)) as warehouse:
        return {name: buckets(warehouse, name) for name in ("minute", "hour", *LOCAL)}


@pytest.fixture(scope="module", params=ZONES)
def zone(request, home: Home, in_utc) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """A zone and the warehouse whose days, weeks and months are local to it."""
    changed = (
        "fct_activity+,+user_stats_total_activity_time",
        "fct_annotation_actions+,+annotation_timeline",
    )
    result = build(home, select=changed, variables={"reporting_timezone": request.param})
    assert result.success, result.exception
    with closing(duckdb.connect(str(home.build_file), read_only=True)) as warehouse:
        yield request.param, warehouse


def test_stretches_are_cut_at_local_midnights(zone):
    name, warehouse = zone
    expected, found = {}, {}
    for stretch in STRETCHES:
        if stretch.zone != name:
            continue
        wanted = dict(zip(LOCAL, (stretch.days, stretch.weeks, stretch.months), strict=True))
        for granularity in LOCAL:
            expected[stretch.user, granularity] = {
                f"{start}:00": round(hours * HOUR_MS)
                for start, hours in wanted[granularity].items()
            }
            found[stretch.user, granularity] = {
                str(start): ms
                for measure, start, user, ms in buckets(warehouse, granularity)
                if (measure, user) == ("time", stretch.user)
            }
    assert expected
    assert found == expected


def test_days_start_and_end_at_local_midnight(zone):
    name, warehouse = zone
    days = {
        user: str(start)
        for measure, start, user, _ in buckets(warehouse, "day")
        if measure == "actions"
    }
    expected = {}
    for edge in EDGES:
        if edge.zone == name:
            expected[edge_user(edge, "before")] = f"{edge.day_before}:00"
            expected[edge_user(edge, "after")] = f"{edge.day_after}:00"
    assert expected
    assert {user: days[user] for user in expected} == expected


def test_total_of_days_weeks_and_months_is_that_of_hours(zone):
    _, warehouse = zone
    totals = {
        granularity: sum(row[3] for row in buckets(warehouse, granularity) if row[0] == "time")
        for granularity in ("hour", *LOCAL)
    }
    worked = sum(epoch_ms(stretch.end) - epoch_ms(stretch.start) for stretch in STRETCHES)
    assert totals == dict.fromkeys(("hour", *LOCAL), worked)


def test_no_bucket_is_empty_or_negative(zone):
    _, warehouse = zone
    rows = [row for granularity in LOCAL for row in buckets(warehouse, granularity)]
    assert [row for row in rows if row[3] <= 0] == []


def test_only_days_weeks_and_months_move(zone, in_utc):
    _, warehouse = zone
    for granularity in ("minute", "hour"):
        assert buckets(warehouse, granularity) == in_utc[granularity]
    for granularity in LOCAL:
        assert buckets(warehouse, granularity) != in_utc[granularity]


def test_seconds_do_not_move(zone):
    _, warehouse = zone
    whole, off = warehouse.execute(
        "select sum(duration_ms), count_if(period_start <> date_trunc('second', period_start)"
        " or duration_ms not between 1 and 1000)"
        " from measures.user_stats_total_activity_time where time_granularity = 'second'"
    ).fetchone()
    worked = sum(epoch_ms(stretch.end) - epoch_ms(stretch.start) for stretch in STRETCHES)
    assert (whole, off) == (worked, 0)
