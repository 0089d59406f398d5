"""One pull: each slice that is unread is streamed into a file, lands as a load, and is noted."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.landing import FileOutcome, land
from orchestration.pulls.cvat_clickhouse.noted import Noted, read_noted, write_noted
from orchestration.pulls.cvat_clickhouse.server import columns, connected, read
from orchestration.pulls.cvat_clickhouse.settings import Order, Source
from orchestration.pulls.cvat_clickhouse.slices import days_of, slices, unread
from orchestration.pulls.cvat_clickhouse.spans import (
    DAY,
    MINUTE,
    Piece,
    as_time,
    floored,
    joined,
    of_day,
)
from orchestration.pulls.patience import Patience

_SCRATCH = "pull-"


@dataclass
class Pulled:
    """What a pull has done so far."""

    there: int = 0
    """Rows that the server has of the wanted days."""
    slices: int = 0
    rows: int = 0
    new: int = 0
    """The rows without those that were read again, since something new stands beside them."""
    quarantined: int = 0


def pull(
    home: Home,
    order: Order,
    patience: Patience,
    *,
    landed: Callable[[FileOutcome], None],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pulled:
    """Land what the server has and the lake has not.

    The caller holds the writers' lock from end to end, so that nobody reads the same rows
    meanwhile. `landed` is told of each slice, `progress` of (rows landed, rows to land). What
    landed stays landed, whatever happens afterwards. Raises WarehouseError where the server
    cannot be read.
    """
    source, pulled = order.source, Pulled()
    noted = read_noted(home, source)
    alive = of_day(datetime.now(UTC).date() - timedelta(days=order.overlap_days))
    with _scratch(home) as scratch, connected(source, patience) as server:
        names, unknown = columns(server)
        if unknown:
            patience.say(f"{source}: left out columns unknown here: {', '.join(unknown)}")
        days = days_of(server, order)
        pulled.there = sum(day.rows for day in days)
        to_land = sum(max(day.rows - noted.rows_of(day.start), 0) for day in days)
        for slice_ in slices(unread(server, noted, days, order.slice_rows), order.slice_rows):
            path = scratch / _file_name(source, slice_)
            read(server, names, joined(slice_), path)
            (outcome,) = land([path], home)
            if outcome.file_id is None:
                raise WarehouseError(f"{source}: a slice was refused: {outcome.message}")
            _note(noted, slice_, path, outcome.file_id, pulled)
            # The server counts in order: days before the one that is being read are complete.
            noted.settle(min(alive, floored(slice_[-1].end, DAY)))
            write_noted(home, source, noted)
            path.unlink()
            pulled.quarantined += outcome.quarantined
            landed(outcome)
            progress(pulled.new, to_land)
    noted.settle(alive)
    write_noted(home, source, noted)
    return pulled


def behind(home: Home, order: Order) -> bool:
    """Say whether the server has what has not landed; raises WarehouseError where it is silent."""
    once = Patience(say=lambda line: None, tries=1)
    with connected(order.source, once) as server:
        noted, days = read_noted(home, order.source), days_of(server, order)
        pieces = unread(server, noted, days, order.slice_rows)
        return next(pieces, None) is not None


def _note(noted: Noted, slice_: Sequence[Piece], path: Path, file_id: str, pulled: Pulled) -> None:
    """Note a slice that landed, by what its file holds."""
    times = pq.read_table(path, columns=["timestamp"])["timestamp"]
    ms = times.cast(pa.timestamp("ms", "UTC"), safe=False).cast(pa.int64()).to_numpy()
    minutes, counts = np.unique(ms // MINUTE * MINUTE, return_counts=True)
    days = {floored(piece.start, DAY) for piece in slice_}
    before = sum(map(noted.rows_of, days))
    noted.take(slice_, dict(zip(minutes.tolist(), counts.tolist(), strict=True)), file_id)
    pulled.slices += 1
    pulled.rows += len(ms)
    # The server may have forgotten rows meanwhile.
    pulled.new += max(sum(map(noted.rows_of, days)) - before, 0)


def _file_name(source: Source, slice_: Sequence[Piece]) -> str:
    start, end = (
        f"{as_time(at):%Y%m%dT%H%M%S.%f}"[:-3] for at in (slice_[0].start, slice_[-1].end)
    )
    return f"cvat-clickhouse_{source.file_name}_{start}_{end}.parquet"


@contextmanager
def _scratch(home: Home) -> Iterator[Path]:
    """Give a folder for the slice that is read, without what a killed pull left behind."""
    home.scratch.mkdir(parents=True, exist_ok=True)
    for left in home.scratch.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=home.scratch) as folder:
        yield Path(folder)
