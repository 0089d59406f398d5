"""`make bench`: what the main job costs on the demo logs, beside a floor taken in the same run.

The floor is what nobody can do without: reading the landed events, parsing the payload fields that
the measures need, and writing one typed table.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.home import PROJECT, Home

FLOOR = """
    create table floor as
    select
        * exclude (payload),
        json_extract_string(payload, [
            '$.client_id', '$.working_time', '$.to', '$.function.id', '$.old_value',
            '$.tags', '$.shapes', '$.tracks'
        ]) as fields
    from read_parquet('{lake}/*/cvat_events.parquet')
"""


class Cost(NamedTuple):
    """Wall and CPU seconds of one step, children included."""

    step: str
    wall_s: float
    cpu_s: float


def cpu_of_children_s() -> float:
    """Return the CPU seconds of all processes that have ended so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measured(step: str, *command: str, home: Home) -> Cost:
    """Run a command on this home and return what it cost; its output only where it fails."""
    environment = {**os.environ, "WAREHOUSE_HOME": str(home.root)}
    cpu, started = cpu_of_children_s(), time.monotonic()
    done = subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{step} failed:\n{done.stdout}{done.stderr}")
    return Cost(step, time.monotonic() - started, cpu_of_children_s() - cpu)


def floor(home: Home) -> Cost:
    """Return what reading, parsing and writing the landed events costs, in a process of its own."""
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute('set threads = 2'); c.execute(sys.argv[2])"
    )
    statement = FLOOR.format(lake=home.lake)
    return measured(
        "floor", sys.executable, "-c", code, str(home.root / "floor.duckdb"), statement, home=home
    )


def counts(home: Home) -> dict[str, int]:
    """Return how much the built warehouse holds."""
    with duckdb.connect(str(home.build_file), read_only=True) as warehouse:
        rows = warehouse.execute("""
            select 'events' as name, count(*) as number from core.fct_events
            union all
            select 'relations', count(*) from information_schema.tables
            where table_schema not like 'measures\\_%' escape '\\'
        """).fetchall()
    return dict(rows)


def main() -> None:
    """Print what each step of the main job costs."""
    warehouse = str(Path(sys.executable).with_name("warehouse"))
    with tempfile.TemporaryDirectory() as folder:
        home, logs = Home(Path(folder) / "home"), str(Path(folder) / "logs")
        costs = [
            measured("demo", warehouse, "demo", "--out", logs, home=home),
            measured("land", warehouse, "land", logs, home=home),
            floor(home),
            measured("build, first (parse included)", warehouse, "build", home=home),
            measured("publish", warehouse, "publish", home=home),
            measured("refresh, nothing new", warehouse, "refresh", home=home),
        ]
        found = counts(home)
        megabytes = home.published_file.stat().st_size / 1e6
    print(
        f"{found['events']:,} events, {found['relations']} relations, {megabytes:.0f} MB published"
    )
    print(f"{'step':<32}{'wall s':>8}{'CPU s':>8}{'CPU / floor':>13}")
    floor_s = next(cost.cpu_s for cost in costs if cost.step == "floor")
    for cost in costs:
        ratio = f"{cost.cpu_s / floor_s:.1f}"
        print(f"{cost.step:<32}{cost.wall_s:>8.1f}{cost.cpu_s:>8.1f}{ratio:>13}")


if __name__ == "__main__":
    main()
