"""`make bench`: how long the service takes to answer questions about measures over HTTP.

Ten questions that dashboards ask, to a service in a process of its own: one caller at a time, then
eight at once, each with the questions in an order of their own. Beside them stands the same SQL
over the relations of `measures`, in one DuckDB connection. Both must answer the same.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any, NamedTuple

import duckdb
import httpx

from benchmarks.costs import measured
from benchmarks.exporting import peak_bytes, serving
from benchmarks.payloads import Days, Question, questions
from orchestration.home import Home
from serving.settings import Settings

EVENTS = 200_000
REPEATS = 20
CALLERS = 8

PATH = "/api/v1/analytics/query"

Times = dict[str, list[float]]
"""Question -> the milliseconds that each answer took."""


class Row(NamedTuple):
    """The milliseconds of one question: half of the answers, and 19 of 20, take no longer."""

    p50: float
    p95: float


@contextmanager
def made_home(events: int) -> Iterator[Home]:
    """Give a home with demo logs of that many events, built and published."""
    warehouse = Path(sys.executable).with_name("warehouse")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home, logs = Home(Path(folder) / "home"), Path(folder) / "logs"
        for step in (
            ("demo", "--events", str(events), "--out", str(logs)),
            ("land", str(logs)),
            ("build",),
            ("publish",),
        ):
            measured(warehouse, *step, home=home)
        yield home


def days_of(warehouse: duckdb.DuckDBPyConnection) -> Days:
    """Return the days that the questions are about: the busiest, its week, and all of them."""
    day, user_id, first, last = warehouse.execute(
        """
        with days as (
            select
                period_start,
                user_id,
                sum(duration_ms) as of_user,
                sum(of_user) over (partition by period_start) as of_all
            from measures.user_stats_activity_time
            where time_granularity = 'day' and user_id is not null
            group by period_start, user_id
        )
        select
            first(period_start order by of_all desc, of_user desc, user_id),
            first(user_id order by of_all desc, of_user desc, user_id),
            min(period_start),
            max(period_start)
        from days
        """
    ).fetchone()
    if day is None:
        raise SystemExit("nobody was active in what is published: there is nothing to ask about")
    return Days(day, user_id, first, last + timedelta(days=1))


def in_sql(
    warehouse: duckdb.DuckDBPyConnection, asked: list[Question], repeats: int
) -> tuple[Times, dict[str, list[dict[str, Any]]]]:
    """Return how long the SQL of each question takes, and its rows."""
    times: Times = defaultdict(list)
    found = {}
    for _ in range(repeats):
        for question in asked:
            began = time.perf_counter()
            answer = warehouse.execute(question.sql, question.values)
            rows = answer.fetchall()
            times[question.name].append(1000 * (time.perf_counter() - began))
            names = [column[0] for column in answer.description]
            found[question.name] = [dict(zip(names, row, strict=True)) for row in rows]
    return times, found


def over_http(address: str, asked: list[Question], repeats: int, callers: int) -> Times:
    """Return how long answers take where so many callers ask at once, each again and again."""
    times: Times = defaultdict(list)

    def call(number: int) -> None:
        order = Random(number)
        with httpx.Client(base_url=address, timeout=120) as http:
            for _ in range(repeats):
                for question in order.sample(asked, k=len(asked)):
                    began = time.perf_counter()
                    answer = http.post(PATH, json=question.payload)
                    took = 1000 * (time.perf_counter() - began)
                    if answer.status_code != 200:
                        raise SystemExit(f"{question.name}: {answer.text}")
                    times[question.name].append(took)

    with ThreadPoolExecutor(callers) as threads:
        list(threads.map(call, range(callers)))
    return times


def check(address: str, asked: list[Question], wanted: dict[str, list[dict[str, Any]]]) -> None:
    """Ask each question once. SystemExit where the service and the SQL do not say the same."""
    with httpx.Client(base_url=address, timeout=120) as http:
        for question in asked:
            answer = http.post(PATH, json=question.payload)
            if answer.status_code != 200:
                raise SystemExit(f"{question.name}: {answer.text}")
            rows = answer.json()[0]["response"]
            if not rows:
                raise SystemExit(f"{question.name}: there are no rows, so nothing is measured")
            if comparable(rows, wanted[question.name]) != comparable(wanted[question.name]):
                raise SystemExit(f"{question.name}: the service answers something else than SQL")


def comparable(
    rows: list[Any], like: list[dict[str, Any]] | None = None
) -> list[list[tuple[str, str]]]:
    """Return rows so that equal ones are equal, with the columns that those of SQL have."""
    names = sorted((like or rows)[0]) if rows else []
    return sorted(
        [(name, _plain(row[name] if isinstance(row, dict) else row)) for name in names]
        for row in rows
    )


def _plain(value: Any) -> str:
    # A ratio that was added up in another order may differ in its last digits.
    return f"{value:.12g}" if isinstance(value, float) and value % 1 else str(value)


def percentiles(times: list[float]) -> Row:
    """Return p50 and p95."""
    parts = quantiles(times, n=20, method="inclusive")
    return Row(parts[9], parts[18])


def lines(asked: list[Question], rows: dict[str, int], *columns: Times) -> Iterator[str]:
    """Give the table: a question a line, and all of them together."""
    yield f"{'':<46}{'':>6}" + "".join(
        f"{head:>18}" for head in ("HTTP, 1 caller", f"HTTP, {CALLERS} at once", "SQL, no HTTP")
    )
    yield f"{'ms':<46}{'rows':>6}" + f"{'p50':>10}{'p95':>8}" * len(columns)
    for question in asked:
        cells = [percentiles(times[question.name]) for times in columns]
        text = "".join(f"{cell.p50:>10.1f}{cell.p95:>8.1f}" for cell in cells)
        yield f"{question.name:<46}{rows[question.name]:>6}{text}"
    whole = [percentiles([one for some in times.values() for one in some]) for times in columns]
    yield f"{'all ten':<46}{'':>6}" + "".join(f"{c.p50:>10.1f}{c.p95:>8.1f}" for c in whole)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument(
        "--events", type=int, default=EVENTS, metavar="N", help=f"of the logs (default {EVENTS})"
    )
    parser.add_argument(
        "--repeats", type=int, default=REPEATS, metavar="N", help=f"default {REPEATS}"
    )
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="ask what is published there; make no logs"
    )
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    said = arguments()
    if said.repeats < 2:
        raise SystemExit("--repeats must be 2 or more")
    with nullcontext(Home(said.home)) if said.home else made_home(said.events) as home:
        # As the service reads it.
        limits = {"threads": Settings.threads, "memory_limit": Settings.memory}
        with duckdb.connect(str(home.published_file), read_only=True, config=limits) as warehouse:
            (events,) = warehouse.execute("select count(*) from core.fct_events").fetchone()
            asked = questions(days_of(warehouse))
            sql, wanted = in_sql(warehouse, asked, said.repeats)
        with serving(home) as (address, pid):
            check(address, asked, wanted)
            alone = over_http(address, asked, said.repeats, 1)
            began = time.monotonic()
            together = over_http(address, asked, said.repeats, CALLERS)
            per_s = sum(map(len, together.values())) / (time.monotonic() - began)
            peak = peak_bytes(pid)
    print(
        f"{events:,} events, {said.repeats} answers to each caller; at {CALLERS} at once"
        f" {per_s:.0f} answers/s; {peak / 1e6:.0f} MB at most"
    )
    rows = {name: len(found) for name, found in wanted.items()}
    print("\n".join(lines(asked, rows, alone, together, sql)))


if __name__ == "__main__":
    main()
