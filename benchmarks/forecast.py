"""`python -m benchmarks.forecast`: what the forecasts of tasks were worth, on the demo.

The demo's simulation exports a task's dataset at the moment at which its last job is accepted, so
that its log tells when tasks really ended. For every evening of the log from the 15th day on, the
warehouse's own views make their forecasts from what had happened until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

import duckdb

from orchestration.home import Home

PACE_DAYS = 14

UNTIL = {
    "core.fct_assignment_states": "changed_at",
    "intermediate.int_entity_days": "event_day",
    "core.dim_assignments": "first_event_at",
    "core.fct_item_statuses": "changed_at",
}
"""What the views read -> the column that says since when it was known."""

WHOLE = ("core.fct_assignments", "core.dim_tasks")
"""What they read that tells of items and projects alone, not of jobs."""

VIEWS = ("int_task_jobs", "int_forecasts")

OPEN_TASKS = """
    select jobs.task_id, forecasts.expected_end, forecasts.earliest_end, forecasts.latest_end
    from intermediate.int_task_jobs as jobs
    inner join intermediate.int_forecasts as forecasts
        on forecasts.entity = 'task' and forecasts.entity_id = jobs.task_id
    where exists (
        select 1 from core.fct_assignment_states as states
        where states.task_id = jobs.task_id and states.source_system = 'cvat'
    )
"""

ENDS = """
    select task_id, cast(min(event_at) as date)
    from warehouse.core.fct_events where scope = 'export:dataset' group by task_id
"""

EVENINGS = "select distinct cast(event_at as date) as day from warehouse.core.fct_events order by 1"


class Forecast(NamedTuple):
    """What was forecast for a task on the evening of a day; `ended` is None where it never did."""

    day: date
    task_id: str
    expected: date | None
    earliest: date | None
    latest: date | None
    ended: date | None


def forecasts(warehouse: Path) -> Iterator[Forecast]:
    """Yield the forecast of every open task on every evening but the last."""
    with duckdb.connect() as past:
        past.execute(f"attach '{warehouse}' as warehouse (read_only)")
        past.execute("create schema core")
        past.execute("create schema intermediate")
        statements = dict(
            past.execute(
                "select view_name, sql from duckdb_views() where database_name = 'warehouse'"
                " and schema_name = 'intermediate'"
            ).fetchall()
        )
        ends = dict(past.execute(ENDS).fetchall())
        evenings = [row[0] for row in past.execute(EVENINGS).fetchall()]
        for table in WHOLE:
            past.execute(f"create view {table} as from warehouse.{table}")
        for day in evenings[:-1]:
            if day < evenings[0] + timedelta(PACE_DAYS):
                continue
            for table, column in UNTIL.items():
                past.execute(
                    f"create or replace table {table} as from warehouse.{table}"
                    f" where {column} < date '{day}' + 1"
                )
            for view in VIEWS:
                past.execute(f"drop view if exists intermediate.{view}")
                past.execute(statements[view])
            for task, *said in past.execute(OPEN_TASKS).fetchall():
                yield Forecast(day, task, *said, ends.get(task))


def errors(made: Iterable[Forecast]) -> list[int]:
    """Return expected less real end, in days."""
    return [(made.expected - made.ended).days for made in made]


def line(name: str, made: list[Forecast]) -> str:
    """Return a line of the table: how far off they were, and how often the end was in range."""
    off = errors(made)
    inside = mean(one.earliest <= one.ended <= one.latest for one in made)
    early = mean(one.ended < one.earliest for one in made)
    late = mean(one.ended > one.latest for one in made)
    width = median((one.latest - one.earliest).days for one in made)
    return (
        f"{name:<24}{len(made):>7}{median(off):>10.1f}{median(map(abs, off)):>10.1f}"
        f"{mean(map(abs, off)):>10.1f}{inside:>10.0%}{early:>10.0%}{late:>10.0%}{width:>10.1f}"
    )


def table(made: list[Forecast]) -> list[str]:
    """Return the lines that say what the forecasts were worth, by how far off the end was."""
    given = [one for one in made if one.expected]
    known = [one for one in given if one.ended]
    groups = {
        "all": known,
        "ends in 0 to 2 days": [one for one in known if (one.ended - one.day).days <= 2],
        "in 3 to 7 days": [one for one in known if 3 <= (one.ended - one.day).days <= 7],
        "later": [one for one in known if (one.ended - one.day).days > 7],
    }
    head = ("forecasts", "error", "abs.", "abs. mean", "in range", "before", "after", "width")
    return [
        f"{len(made)} open tasks on {len({one.day for one in made})} evenings: "
        f"{len(given)} with a forecast, {len(known)} of tasks that ended in the log",
        f"{'days; medians':<22}{head[0]:>9}" + "".join(f"{name:>10}" for name in head[1:]),
        *(line(name, group) for name, group in groups.items() if group),
    ]


def main() -> None:
    """Print what the forecasts of the demo were worth."""
    warehouse = Home.from_environment().build_file
    if not warehouse.exists():
        raise SystemExit(f"{warehouse} is not there. Run: make warehouse")
    for text in table(list(forecasts(warehouse))):
        print(text)


if __name__ == "__main__":
    main()
