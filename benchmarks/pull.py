"""`make bench`: what a pull from CVAT's ClickHouse costs whose connection breaks twice on the way.

The server is chDB behind a loopback HTTP server, in a process of its own; what is measured is the
process of `warehouse pull`. The rows in the lake are then held against those on the server.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.costs import Cost, measured
from orchestration.home import Home
from tests.clickhouse.running import PASSWORD, USER, ClickHouse, clickhouse

ROWS = 2_000_000

LOG = Path(__file__).parent / "log" / "clickhouse.sql"

CUT_SLICES = [2, 7]
"""The answers that break off in the middle, the first is 1."""

TEXTS = ("scope", "obj_name", "obj_val", "source", "user_name", "user_email", "org_slug", "payload")
NUMBERS = ("obj_id", "count", "duration", "project_id", "task_id", "job_id", "user_id", "org_id")


def pulled(home: Home, url: str) -> Cost:
    """Pull as the product's user does; SystemExit where it fails."""
    warehouse = Path(sys.executable).with_name("warehouse")
    login = {"CVAT_CLICKHOUSE_USER": USER, "CVAT_CLICKHOUSE_PASSWORD": PASSWORD}
    command = (warehouse, "pull", "cvat-clickhouse", "--url", url)
    return measured(*command, home=home, environment={**os.environ, **login})


def on_server(server: ClickHouse) -> tuple[int, int]:
    """Return how many rows the server has and the sum of the hashes of all their values."""
    cells = [f"ifNull(toString({name}), '-')" for name in (*TEXTS, *NUMBERS)]
    time_cell = "toString(toUnixTimestamp64Milli(timestamp))"
    line = f"concatWithSeparator('|', {', '.join([time_cell, *cells])})"
    answer = server.ask(
        "select count(), sum(toInt128(reinterpretAsUInt64(reverse(substring(MD5(line), 1, 8)))))"
        f" from (select {line} as line from cvat.events)"
    )
    count, total = answer.split()
    return int(count), int(total)


def in_lake(home: Home) -> tuple[int, int]:
    """Return the same of the rows in the lake."""
    cells = [f"""coalesce("{name}"::varchar, '-')""" for name in (*TEXTS, *NUMBERS)]
    line = f"concat_ws('|', epoch_ms(timestamp), {', '.join(cells)})"
    return duckdb.sql(
        f"select count(*), sum(('0x' || left(md5({line}), 16))::ubigint)::hugeint"
        f" from read_parquet('{home.lake}/*/cvat_events.parquet')"
    ).fetchone()


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pull", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=ROWS, metavar="N", help=f"rows on the server (default {ROWS})"
    )
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    rows = arguments().rows
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        clickhouse(Path(folder) / "clickhouse") as server,
    ):
        home = Home(Path(folder) / "home")
        server.create()
        server.ask(LOG.read_text().replace("{rows}", str(rows)))
        server.behave(cut=CUT_SLICES, cut_after=1 << 20)
        first = pulled(home, server.url)
        second = pulled(home, server.url)
        there, here = on_server(server), in_lake(home)
        lake_bytes = sum(path.stat().st_size for path in home.lake.rglob("*.parquet"))
    print(f"{'pull':<32}{'wall s':>8}{'CPU s':>8}{'rows/s':>9}{'rows/CPU s':>12}{'MB at most':>12}")
    for name, cost, read in (("all, broken twice on the way", first, rows), ("again", second, 0)):
        print(
            f"{name:<32}{cost.wall_s:>8.1f}{cost.cpu_s:>8.1f}{read / cost.wall_s:>9,.0f}"
            f"{read / cost.cpu_s:>12,.0f}{cost.peak_bytes / 1e6:>12,.0f}"
        )
    same = "the same, by a hash of all values" if here == there else "NOT THE SAME"
    held = f"{here[0]:,} in the lake ({lake_bytes / 1e6:.0f} MB)"
    print(f"{there[0]:,} rows on the server, {held}: {same}")
    if here != there:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
