"""What leaves the warehouse as a file: CVAT's own export of events, and any relation."""

from __future__ import annotations

from orchestration.export.events import EventFilter, csv_of_events
from orchestration.export.opened import opened
from orchestration.export.output import piped, to_file, to_stdout
from orchestration.export.relation import FORMATS, copy_relation, find_relation, rows_of

__all__ = [
    "FORMATS",
    "EventFilter",
    "copy_relation",
    "csv_of_events",
    "find_relation",
    "opened",
    "piped",
    "rows_of",
    "to_file",
    "to_stdout",
]
