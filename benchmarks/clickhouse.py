"""CVAT's own table in ClickHouse (chDB, in this process), filled with the rows of the lake.

chDB keeps one engine a process: use each function here in a process of its own (`costs.apart`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from chdb.session import Session

from tests.clickhouse.running import COLUMNS

NAMES = tuple(line.split("`")[1] for line in COLUMNS.splitlines() if "`" in line)

FAMILIES = {"LZ4": "cvat.events", "ZSTD": "cvat.events_zstd"}
"""How the columns are compressed -> the table; CVAT's own has ClickHouse's default."""

SIZE = """
    select sum(bytes_on_disk), sum(rows) from system.parts
    where active and database = 'cvat' and table = '{table}' format TabSeparated
"""


def fill(folder: Path, lake: Path) -> dict[str, tuple[int, int]]:
    """Make the table with each compression; return compression -> bytes on disk and rows.

    Only the first stays: nobody asks the other anything.
    """
    session = Session(str(folder))
    session.query("create database cvat")
    sizes = {}
    listed = ", ".join(f"`{name}`" for name in NAMES)
    for codec, table in FAMILIES.items():
        session.query(
            f"create table {table} ({COLUMNS}) engine = MergeTree"
            " partition by toYYYYMM(timestamp) order by (timestamp)"
            f" settings index_granularity = 8192, default_compression_codec = '{codec}'"
        )
        session.query(
            f"insert into {table} select {listed}"
            f" from file('{lake}/*/cvat_events.parquet', Parquet)"
        )
        session.query(f"optimize table {table} final")
        said = str(session.query(SIZE.format(table=table.partition(".")[2])))
        size, rows = map(int, said.split())
        sizes[codec] = size, rows
        if codec != "LZ4":
            session.query(f"drop table {table}")
    session.close()
    return sizes


def ask(
    folder: Path, questions: Mapping[str, str], rounds: int
) -> dict[str, tuple[Sequence[tuple[str, ...]], list[float]]]:
    """Return question -> its rows as texts, and the milliseconds of each round but a first one."""
    session = Session(str(folder))
    session.query(f"set max_threads = {os.cpu_count()}")
    answers = {}
    for name, question in questions.items():
        times = []
        for _ in range(rounds + 1):
            started = time.perf_counter()
            said = session.query(question, "TabSeparated").bytes()
            times.append((time.perf_counter() - started) * 1000)
        rows = [tuple(line.split("\t")) for line in said.decode().splitlines()]
        answers[name] = rows, times[1:]
    session.close()
    return answers
