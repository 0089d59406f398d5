"""`make bench`: what the main job costs on the demo logs, beside a floor taken in the same run.

The floor is what nobody can do without: reading the landed events, parsing the payload fields that
the measures need, and writing one typed table.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.costs import Cost, measured
from orchestration.home import Home
from orchestration.publish.copying import bytes_on_disk

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


def floor(home: Home) -> Cost:
    """Return what reading, parsing and writing the landed events costs, in a process of its own."""
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute('set threads = 2'); c.execute('set preserve_insertion_order = false'); "
        "c.execute(sys.argv[2])"
    )
    statement = FLOOR.format(lake=home.lake)
    return measured(sys.executable, "-c", code, home.root / "floor.duckdb", statement, home=home)


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
        costs = {
            "demo": measured(warehouse, "demo", "--out", logs, home=home),
            "land": measured(warehouse, "land", logs, home=home),
            "floor": floor(home),
            "build, first (parse included)": measured(warehouse, "build", home=home),
            "publish": measured(warehouse, "publish", home=home),
            "refresh, nothing new": measured(warehouse, "refresh", home=home),
        }
        found = counts(home)
        megabytes = bytes_on_disk(home.published_file) / 1e6
    print(
        f"{found['events']:,} events, {found['relations']} relations, {megabytes:.0f} MB published"
    )
    print(f"{'step':<32}{'wall s':>8}{'CPU s':>8}{'CPU / floor':>13}")
    for step, cost in costs.items():
        ratio = f"{cost.cpu_s / costs['floor'].cpu_s:.1f}"
        print(f"{step:<32}{cost.wall_s:>8.1f}{cost.cpu_s:>8.1f}{ratio:>13}")


if __name__ == "__main__":
    main()
