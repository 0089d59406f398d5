"""Explaining a number: the facts that a row of a measure is made of, their events, their lines.

Nothing here knows how a measure is calculated. The file's own views do the calculating, once more,
over the few facts that are shown: what comes out must be the row.
"""

from __future__ import annotations

from orchestration.explain.cells import Cell, find_cells
from orchestration.explain.facts import Explanation, explain_cell
from orchestration.explain.opened import opened
from orchestration.explain.origins import Event, events_of
from orchestration.explain.registry import Measure, find_measure

__all__ = [
    "Cell",
    "Event",
    "Explanation",
    "Measure",
    "events_of",
    "explain_cell",
    "find_cells",
    "find_measure",
    "opened",
]
