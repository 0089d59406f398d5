"""What has landed from one table so far: the place where the next pull goes on.

Rows have no id, so what is noted is how many rows of each span of event time landed. The days that
are still alive are noted minute by minute, those before as a whole. A note that is lost only means
that its rows are read again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.home import Home
from orchestration.landing import lake
from orchestration.pulls.cvat_clickhouse.settings import Source
from orchestration.pulls.cvat_clickhouse.spans import DAY, MINUTE, Piece, as_time, floored


class Note(NamedTuple):
    """What landed from one span."""

    rows: int
    file_id: str
    """The last file that brought some of them."""


@dataclass
class Noted:
    """The notes of one table, by when the span of each begins."""

    days: dict[int, Note] = field(default_factory=dict)
    minutes: dict[int, dict[int, Note]] = field(default_factory=dict)
    """Of each day that is not noted as a whole."""

    def rows_of(self, day: int) -> int:
        """Return how many rows of a day have landed."""
        if day in self.days:
            return self.days[day].rows
        return sum(note.rows for note in self.minutes.get(day, {}).values())

    def take(self, pieces: Sequence[Piece], found: Mapping[int, int], file_id: str) -> None:
        """Note that pieces have landed: `found` says how many rows of each minute.

        A minute's first piece begins its note anew; what was cut finer adds to it.
        """
        for piece in pieces:
            day = floored(piece.start, DAY)
            self.days.pop(day, None)
            minutes = self.minutes.setdefault(day, {})
            for start in range(piece.start, piece.end, MINUTE):
                minutes.pop(start, None)
        for minute, rows in found.items():
            minutes = self.minutes[floored(minute, DAY)]
            before = minutes[minute].rows if minute in minutes else 0
            minutes[minute] = Note(before + rows, file_id)

    def settle(self, before: int) -> None:
        """Note the days before a time as a whole."""
        for day in [day for day in self.minutes if day < before]:
            rows, notes = self.rows_of(day), self.minutes.pop(day)
            if notes:
                self.days[day] = Note(rows, notes[max(notes)].file_id)


def read_noted(home: Home, source: Source) -> Noted:
    """Return what is noted of a table and still stands in the lake."""
    noted = Noted()
    try:
        text = json.loads(_path(home, source).read_text())
        landed = _file_ids(home)
        for start, (rows, file_id) in text["days"].items():
            if file_id in landed:
                noted.days[_ms(start)] = Note(rows, file_id)
        for start, (rows, file_id) in text["minutes"].items():
            if file_id in landed:
                day = noted.minutes.setdefault(floored(_ms(start), DAY), {})
                day[_ms(start)] = Note(rows, file_id)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # There is none, or it is not what was written: all is read again, and nothing is lost.
        return Noted()
    return noted


def write_noted(home: Home, source: Source, noted: Noted) -> None:
    """Write the notes of a table. They appear whole or not at all."""
    minutes = {start: note for day in noted.minutes.values() for start, note in day.items()}
    text = {
        "source": str(source),
        "days": {_text(start): note for start, note in noted.days.items()},
        "minutes": {_text(start): note for start, note in minutes.items()},
    }
    path = _path(home, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w") as file:
        json.dump(text, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _path(home: Home, source: Source) -> Path:
    return home.pulls / f"cvat-clickhouse_{source.file_name}.json"


def _text(ms: int) -> str:
    return as_time(ms).strftime("%Y-%m-%dT%H:%M")


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def _file_ids(home: Home) -> set[str]:
    with duckdb.connect() as connection:
        return {file.sha256[:16] for file in lake.manifest(connection, home)}
