"""A big believable log, written by DuckDB: for benchmarks, where the demo logs are too small.

The same arguments give the same rows (within one version of DuckDB, whose hash throws the dice).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import duckdb

LAST_DAY = date(2025, 6, 26)
"""Every log ends here, so that a longer one has the same last days as a shorter one."""

PLATFORM_SHARE = 0.1
POD_SHARE = 0.25
ROWS_A_BATCH = 11.16
SAMPLES_AN_ITEM = 16.4
"""How many rows and samples one unit of work makes, counted over 170,000 rows."""

CVAT, PLATFORM = "cvat_events.parquet", "platform_samples.jsonl"

SAMPLES = (
    "read_json({path}, format = 'newline_delimited', columns = {{startTime: 'BIGINT',"
    " endTime: 'BIGINT', context: 'JSON', eventType: 'VARCHAR', entityType: 'VARCHAR',"
    " action: 'VARCHAR', data: 'JSON'}})"
)
LATE = {
    CVAT: "hash(user_id, date_trunc('hour', timestamp)) % 1000 < {thousandths}",
    PLATFORM: "hash(context ->> 'userId', startTime // 3600000) % 1000 < {thousandths}",
}
"""What was late: all that one person did in one hour, as if a laptop had been offline."""


def write_log(
    folder: Path, events: int, days: int, seed: int = 1, platform_share: float = PLATFORM_SHARE
) -> list[Path]:
    """Write about `events` events over `days` days, that share of them samples; return the days.

    A day is a folder with a file of each source: its UTC day, as large as any other. Its rows
    depend on the seed and on how many events a day has, not on how many days there are.
    """
    if min(events, days) < 1:
        raise ValueError(f"events and days must be at least 1, not {events} and {days}")
    a_day = events / days
    batches = max(1, round(a_day * (1 - platform_share) / ROWS_A_BATCH))
    pods = round(a_day * platform_share * POD_SHARE)
    items = max(1, round((a_day * platform_share - pods) / SAMPLES_AN_ITEM))
    first = LAST_DAY - timedelta(days=days - 1)
    with duckdb.connect() as engine, ThreadPoolExecutor() as pool:
        for name in ("cvat_day.sql", "platform_day.sql"):
            engine.execute(Path(__file__).with_name(name).read_text(encoding="utf-8"))

        def write_day(number: int) -> Path:
            day = first + timedelta(days=number)
            place = folder / f"{day}"
            place.mkdir(parents=True)
            arguments = f"{seed}, date '{day}'"
            cvat = f"from cvat_day({arguments}, {batches}, {number == 0})"
            platform = f"from platform_day({arguments}, {items}, {pods})"
            with engine.cursor() as cursor:
                _write(cursor, cvat, place / CVAT)
                _write(cursor, platform, place / PLATFORM)
            return place

        return list(pool.map(write_day, range(days)))


def late_rows(folder: Path, days: Sequence[Path], share: float = 0.05) -> Path:
    """Take about that share of the rows out of the files of the days; return what holds them.

    `folder` is new and gets one file of each source.
    """
    folder.mkdir(parents=True)
    with duckdb.connect() as engine:
        for name, late in LATE.items():
            condition = late.format(thousandths=round(1000 * share))
            _write(engine, f"from {_rows(days, name)} where {condition}", folder / name)
            for day in days:
                kept = day / f".{name}"
                _write(engine, f"from {_rows([day], name)} where ({condition}) is not true", kept)
                kept.replace(day / name)
    return folder


def row_count(days: Sequence[Path]) -> int:
    """Return how many rows the days hold."""
    if not days:
        return 0
    with duckdb.connect() as engine:
        return sum(
            engine.execute(f"select count(*) from {_rows(days, name)}").fetchone()[0]
            for name in LATE
        )


def _rows(days: Sequence[Path], name: str) -> str:
    paths = "[" + ", ".join(_text(day / name) for day in days) + "]"
    return f"read_parquet({paths})" if name == CVAT else SAMPLES.format(path=paths)


def _write(engine: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    form = "parquet" if path.suffix == ".parquet" else "json"
    engine.execute(f"copy ({query}) to {_text(path)} (format {form})")


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
