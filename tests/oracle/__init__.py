"""The oracle: all 47 measures from raw landing files, in plain Python, slow and independent.

It is written from the catalogue of measures alone and shares no code with the warehouse, so that
the two can be held against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from . import assignments, executions, facts, issues, labelling, people, services, typed
from .buckets import GRANULARITIES, Calendar, instant
from .contract import CONTRACT, header
from .identity import accepted
from .read import read
from .rows import Row

VARIABLES: dict[str, Any] = {
    "activity_gap_threshold_ms": 100_000,
    "idle_cutoff_ms": 300_000,
    "session_gap_ms": 1_800_000,  # no measure depends on it
    "working_time_methods": ["replayed", "reported", "derived"],
    "reporting_timezone": "UTC",
    "client_batches_are_events": False,
}
FAMILIES = (labelling, assignments, people, issues, services, executions)
MEASURES = {name: measure for family in FAMILIES for name, measure in family.MEASURES.items()}
TYPED = {"cvat": typed.cvat_row, "batch": typed.batch, "sample": typed.sample}


def expected(
    files: list[Path],
    *,
    variables: dict[str, Any] | None = None,
    granularities: Iterable[str] = GRANULARITIES,
    measures: Iterable[str] | None = None,
) -> dict[str, list[Row]]:
    """Return relation name -> rows, each with the relation's columns; no order is promised.

    Times are naive UTC datetimes, ids texts, durations integer milliseconds, ratios and medians
    Fractions (None over 0). A row whose components are all 0 is absent unless its measure is a
    state. `measures` keeps to some relations, where all at second granularity would be too many.
    ValueError: a file that is not understood, an unknown variable.
    """
    unknown = set(variables or {}) - set(VARIABLES)
    if unknown:
        raise ValueError(f"unknown variables: {', '.join(sorted(unknown))}")
    settings = VARIABLES | (variables or {})
    known = load(files, settings)
    zone = ZoneInfo(settings["reporting_timezone"])
    calendars = [Calendar(granularity, zone) for granularity in granularities]
    return {
        name: [row for calendar in calendars for row in _rows(name, known, calendar)]
        for name in (CONTRACT if measures is None else measures)
    }


def load(files: list[Path], settings: dict[str, Any]) -> facts.Facts:
    """Return the facts of all files together, duplicates left out."""
    contents: dict[str, list[list[Any]]] = defaultdict(list)
    for path in files:
        of_file: dict[str, list[Any]] = defaultdict(list)
        for record in read(path):
            of_file[record.kind].append(TYPED[record.kind](record.fields))
        for kind, records in of_file.items():
            contents[kind].append(records)
    return facts.build(
        accepted(contents["cvat"]),
        accepted(contents["batch"]),
        accepted(contents["sample"]),
        settings,
    )


def _rows(name: str, known: facts.Facts, calendar: Calendar) -> Iterable[Row]:
    columns = CONTRACT[name]
    for row in MEASURES[name](known, calendar):
        if not columns.keeps_zero and not any(row[column] for column in columns.components):
            continue
        row["time_granularity"] = calendar.granularity
        row["period_start"] = instant(row["period_start"])
        yield {column: row[column] for column in header(name)}
