"""A build makes anew what new loads touch and leaves the rest; settings that changed touch all."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from orchestration.home import Home
from orchestration.landing import land
from orchestration.landing.schemas import CVAT_COLUMNS
from tests.conftest import build

DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")


def write_day(folder: Path, day: str, *, users: tuple[int, ...] = (1, 2)) -> Path:
    """Write a CSV export of one day: each user draws for two minutes at nine."""
    path = folder / f"{day}-{len(users)}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, CVAT_COLUMNS)
        rows.writeheader()
        for user in users:
            for minute in (0, 1, 2):
                rows.writerow(
                    {
                        "scope": "draw:object",
                        "source": "client",
                        "timestamp": f"{day} 09:{minute:02}:00",
                        "duration": 0,
                        "project_id": 1,
                        "task_id": 10,
                        "job_id": 100,
                        "user_id": user,
                        "payload": "{}",
                    }
                )
    return path


def landed(home: Home, *files: Path) -> None:
    assert {outcome.status for outcome in land(files, home)} == {"landed"}


def built(home: Home, **how) -> None:
    result = build(home, **how)
    assert result.success, result.exception


@contextmanager
def opened(home: Home, *, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home.build_file), read_only=read_only) as connection:
        yield connection


def mark(home: Home) -> None:
    """Leave a mark in every staged event that only a rebuild of its day takes away."""
    with opened(home, read_only=False) as connection:
        connection.execute("update staging.stg_cvat__event_copies set payload = 'marked'")


def marked_days(home: Home) -> set[str]:
    with opened(home) as connection:
        rows = connection.execute(
            "select distinct strftime(event_at, '%Y-%m-%d') from core.fct_events"
            " where payload = 'marked'"
        ).fetchall()
    return {day for (day,) in rows}


def active_ms(home: Home) -> dict[str, int]:
    """UTC day -> active time of all users, as the daily roll-up has it."""
    with opened(home) as connection:
        return dict(
            connection.execute(
                "select strftime(period_start, '%Y-%m-%d'), sum(value)"
                " from measures_day.user_stats_total_activity_time group by all"
            ).fetchall()
        )


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A warehouse of three days, two users with two minutes each, built once."""
    folder = tmp_path_factory.mktemp("logs")
    home = Home(tmp_path_factory.mktemp("home"))
    landed(home, *(write_day(folder, day) for day in DAYS))
    built(home)
    return home


def copy_of(home: Home, to: Path) -> Home:
    return Home(Path(shutil.copytree(home.root, to)))


def test_a_build_makes_anew_what_new_loads_touch_and_nothing_else(
    three_days: Home, tmp_path: Path
) -> None:
    home = copy_of(three_days, tmp_path / "home")
    # Two minutes of work for each user; five idle ones only where somebody came back another day.
    assert active_ms(home) == {DAYS[0]: 840_000, DAYS[1]: 840_000, DAYS[2]: 240_000}
    mark(home)
    landed(home, write_day(tmp_path, DAYS[1], users=(3,)), write_day(tmp_path, "2026-03-20"))
    built(home)
    assert marked_days(home) == {DAYS[0], DAYS[2]}
    assert active_ms(home) == {
        DAYS[0]: 840_000,
        DAYS[1]: 840_000 + 120_000,
        DAYS[2]: 840_000,
        "2026-03-20": 240_000,
    }


def test_days_can_be_asked_for(
    three_days: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_of(three_days, tmp_path / "home")
    mark(home)
    monkeypatch.setenv("WAREHOUSE_REBUILD_DAYS", f"{DAYS[1]}/{DAYS[2]}")
    built(home)
    assert marked_days(home) == {DAYS[0]}


def test_a_changed_setting_makes_everything_anew(three_days: Home, tmp_path: Path) -> None:
    home = copy_of(three_days, tmp_path / "home")
    mark(home)
    built(home, variables={"idle_cutoff_ms": 200_000})
    assert marked_days(home) == set()
    assert active_ms(home) == {DAYS[0]: 640_000, DAYS[1]: 640_000, DAYS[2]: 240_000}


def test_what_an_unfinished_build_left_is_made_up_for(three_days: Home, tmp_path: Path) -> None:
    home = copy_of(three_days, tmp_path / "home")
    landed(home, write_day(tmp_path, DAYS[1], users=(3,)))
    built(home, select=["stg_touched_days", "stg_cvat__event_copies"])
    mark(home)
    built(home)
    assert marked_days(home) == {DAYS[0], DAYS[2]}
    assert active_ms(home)[DAYS[1]] == 960_000
