"""Ten typical questions: to the measures, and to the rows in CVAT's own table in ClickHouse.

`measures/NAME.sql` starts with what is asked; `clickhouse/NAME.sql` asks the same of raw rows,
where they can say it. All but the queue's ask of one organization or one user: what CVAT logged.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

import duckdb

from benchmarks import clickhouse
from benchmarks.costs import apart
from orchestration.home import Home

FOLDER = Path(__file__).parent
ROUNDS = 5

BUSIEST = """
    select user_id from core.fct_activity
    where started_at >= timestamp '{day}' and started_at < timestamp '{end}'
        and method = 'reported' and org_id = '1'
    group by user_id order by count(*) desc, user_id limit 1
"""


class Latency(NamedTuple):
    """What one question cost, warm, in milliseconds: median and least of the rounds."""

    name: str
    asked: str
    rows: int
    median_ms: float
    best_ms: float
    raw_median_ms: float | None
    raw_best_ms: float | None
    """None where the raw rows cannot say it."""


def windows(end: date) -> dict[str, date]:
    """Return the instants that the questions name, of a log that ends before this day."""
    monday = end - timedelta(days=end.weekday())
    return {
        "end": end,
        "day": end - timedelta(days=1),
        "four_weeks": end - timedelta(days=28),
        "quarter": end - timedelta(days=91),
        "week": monday - timedelta(days=7),
        "week_end": monday,
        "weeks": monday - timedelta(weeks=13),
        "year": (end - timedelta(days=334)).replace(day=1),
    }


def compared(home: Home, end: date, raw: Path) -> list[Latency]:
    """Ask the published warehouse and ClickHouse's folder; SystemExit where they disagree."""
    names = {name: str(day) for name, day in windows(end).items()}
    user = apart(_busiest, home.published_file, names)
    names["user"] = user
    ours = apart(ask, home.published_file, questions("measures", names), ROUNDS)
    theirs = apart(clickhouse.ask, raw, questions("clickhouse", names), ROUNDS)
    for name, (rows, _) in theirs.items():
        if sorted(rows) != sorted(ours[name][0]):
            raise SystemExit(f"{name}: {_difference(ours[name][0], rows)}")
    return [
        Latency(
            name,
            _asked(name),
            len(rows),
            median(times),
            min(times),
            median(theirs[name][1]) if name in theirs else None,
            min(theirs[name][1]) if name in theirs else None,
        )
        for name, (rows, times) in ours.items()
    ]


def ask(
    file: Path, questions: dict[str, str], rounds: int
) -> dict[str, tuple[Sequence[tuple[str, ...]], list[float]]]:
    """Return question -> its rows as texts, and the milliseconds of each round but a first one."""
    answers = {}
    with duckdb.connect(str(file), read_only=True) as warehouse:
        warehouse.execute(f"set threads = {os.cpu_count()}")
        for name, question in questions.items():
            times = []
            for _ in range(rounds + 1):
                started = time.perf_counter()
                rows = warehouse.execute(question).fetchall()
                times.append((time.perf_counter() - started) * 1000)
            answers[name] = [tuple(map(str, row)) for row in rows], times[1:]
    return answers


def questions(engine: str, names: dict[str, str]) -> dict[str, str]:
    """Return question -> SQL for `measures` or `clickhouse`, of these days and this user."""
    return {
        path.stem: path.read_text(encoding="utf-8").format(**names)
        for path in sorted((FOLDER / engine).glob("*.sql"))
    }


def _busiest(file: Path, names: dict[str, str]) -> str:
    with duckdb.connect(str(file), read_only=True) as warehouse:
        return warehouse.execute(BUSIEST.format(**names)).fetchone()[0]


def _asked(name: str) -> str:
    text = (FOLDER / "measures" / f"{name}.sql").read_text(encoding="utf-8")
    return text.splitlines()[0].removeprefix("-- ")


def _difference(ours: Sequence[tuple[str, ...]], theirs: Sequence[tuple[str, ...]]) -> str:
    more, less = sorted({*ours} - {*theirs})[:3], sorted({*theirs} - {*ours})[:3]
    return (
        f"the measures answer {len(ours)} rows, ClickHouse {len(theirs)};"
        f" only the measures: {more}; only ClickHouse: {less}"
    )
