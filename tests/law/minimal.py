"""Make a case that breaks the law small.

An attempt costs a warehouse, but an island's ids can be given to another number: so one warehouse
tries many smaller versions of an island at once, and the rows that differ name those that fail.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.law.logs import SLOTS, Case, Island, Load, Row

Breaches = Callable[[Case, int, str | None], list[str]]
"""Case, how many rows to show, the one relation to build -> where it breaks the law."""

Parts = set[tuple[int, int]]
"""Copies of rows of an island: (number of the row, number of its copy)."""

ALL_ROWS = 1_000_000


def smallest(case: Case, found: Sequence[str], breaches: Breaches, seconds: float) -> Case:
    """Return a small case that still breaks the law, `found` so; the case itself if none does."""
    deadline = time.monotonic() + seconds
    if seconds <= 0:
        return case
    by_size = sorted(_guilty(case.islands, found), key=_weight)
    for island in by_size[:2]:
        alone = _without_empty_loads(replace(case, islands=(island,)))
        if still := breaches(alone, 1, None):
            relation = _first_relation(still)
            return _Search(breaches, relation, deadline).smallest(alone)
    return case


def _guilty(islands: Sequence[Island], found: Sequence[str]) -> list[Island]:
    """Return the islands whose ids stand in the rows that differ."""
    marks = set(re.findall(r"\b(\d{3}000)\d{3}\b", "\n".join(found)))
    return [island for island in islands if island.mark in marks]


def _first_relation(found: Sequence[str]) -> str:
    """Return the first relation that differs."""
    return next(text.partition(":")[0] for text in found if not text.startswith("after"))


def _weight(island: Island) -> tuple[int, int]:
    return len(island.rows), sum(len(row.places) for row in island.rows)


@dataclass(frozen=True)
class _Search:
    """The search for a smaller case of one island."""

    breaches: Breaches
    relation: str
    """Only it and what it needs are built: far cheaper than all."""
    deadline: float

    def smallest(self, case: Case) -> Case:
        if not self._fails(case):
            # It takes models beside those that the relation needs.
            return case
        case = self._plainer(case)
        (island,) = case.islands
        island = self._reduced(case, island, _rows)
        island = self._reduced(case, island, _copies)
        return _without_empty_loads(replace(case, islands=(island,)))

    def _fails(self, case: Case) -> bool:
        return bool(self.breaches(case, 1, self.relation))

    def _plainer(self, case: Case) -> Case:
        """Return the case without the circumstances that it does not need."""
        for way in PLAINER:
            plainer = way(case)
            if plainer != case and self._fails(plainer):
                case = plainer
        return case

    def _reduced(
        self, case: Case, island: Island, parts_of: Callable[[Island], list[Parts]]
    ) -> Island:
        """Return the island without all parts that it can lack and still fail."""
        while time.monotonic() < self.deadline:
            # Which parts can be away by themselves, and how many of them together?
            parts = parts_of(island)
            lone = self._failing(case, [_without(island, part) for part in parts])
            spare = [part for part in parts if _without(island, part) in lone]
            shares = [spare[: -(-len(spare) * share // 8)] for share in range(1, 9)]
            several = [_without(island, set().union(*share)) for share in shares if share]
            better = min((*lone, *self._failing(case, several)), key=_weight, default=island)
            if better == island:
                break
            island = better
        return island

    def _failing(self, case: Case, versions: list[Island]) -> list[Island]:
        """Return which versions of the island break the law, tried side by side."""
        versions = [version for version in versions if version.rows]
        if not versions:
            return []
        numbered = [renumbered(version, number) for number, version in enumerate(versions)]
        found = self.breaches(replace(case, islands=tuple(numbered)), ALL_ROWS, self.relation)
        return [versions[island.number] for island in _guilty(numbered, found)]


def _each_load(case: Case, **change: Any) -> Case:
    return replace(case, loads=tuple(replace(load, **change) for load in case.loads))


FORMATS = {source: ("jsonl",) * count for source, count in SLOTS.items()}

PLAINER: tuple[Callable[[Case], Case], ...] = (
    lambda case: _each_load(case, breaks=None),
    lambda case: _each_load(case, is_built_twice=False),
    lambda case: _each_load(case, again=()),
    lambda case: _each_load(case, formats=FORMATS),
    lambda case: replace(case, is_watched=False),
    lambda case: replace(case, variables={}),
    lambda case: replace(case, shuffle=0),
)
"""What a case may not need."""


def _rows(island: Island) -> list[Parts]:
    """Return each row as all of its copies."""
    rows = enumerate(island.rows)
    return [{(number, copy) for copy in range(len(row.places))} for number, row in rows]


def _copies(island: Island) -> list[Parts]:
    """Return each copy of each row that has several."""
    return [{copy} for row in _rows(island) if len(row) > 1 for copy in sorted(row)]


def _without(island: Island, parts: Parts) -> Island:
    rows = []
    for number, row in enumerate(island.rows):
        kept = [place for copy, place in enumerate(row.places) if (number, copy) not in parts]
        if kept:
            rows.append(replace(row, places=tuple(kept)))
    return replace(island, rows=tuple(rows))


def _without_empty_loads(case: Case) -> Case:
    """Return the case without the loads that bring nothing."""
    total = len(case.loads)
    rows = [row for island in case.islands for row in island.rows]
    used = sorted({load % total for row in rows for load, _ in row.places})
    place = {load: number for number, load in enumerate(used)}

    def moved(row: Row) -> Row:
        places = tuple((place[load % total], slot) for load, slot in row.places)
        return replace(row, places=places)

    def again(load: Load) -> Load:
        keys = tuple((place[key[0]], *key[1:]) for key in load.again if key[0] in place)
        return replace(load, again=keys)

    return replace(
        case,
        islands=tuple(replace(one, rows=tuple(map(moved, one.rows))) for one in case.islands),
        loads=tuple(again(case.loads[load]) for load in used),
    )


def renumbered(island: Island, number: int) -> Island:
    """Return the same island under the ids of another number."""
    named = replace(island, number=number)

    def row_of(row: Row) -> Row:
        text = json.dumps(row.record)
        text = re.sub(rf"\b{island.mark}(\d{{3}})\b", rf"{named.mark}\1", text)
        return replace(row, record=json.loads(text))

    return replace(named, rows=tuple(row_of(row) for row in island.rows))


def told(case: Case, found: Sequence[str]) -> str:
    """Return the case, its rows if it is of one island, and what is wrong with it."""
    lines = [f"variables {json.dumps(dict(case.variables))}, shuffle {case.shuffle}"]
    files = case.files()
    for number, load in enumerate(case.loads):
        around = [
            *([f"files given again: {load.again}"] if load.again else []),
            *([f"a first build breaks at statement {load.breaks[0]}: {load.breaks[1]}"]
              if load.breaks else []),
            *(["built twice"] if load.is_built_twice else []),
        ]  # fmt: skip
        lines.append(f"load {number}" + "".join(f"; {what}" for what in around))
        for (at, source, slot), rows in files.items():
            if at == number:
                form = load.formats[source][slot]
                lines.append(f"  {source} {slot} ({form}), {len(rows)} rows")
                if len(case.islands) == 1:
                    lines += [f"    {json.dumps(row.record, ensure_ascii=False)}" for row in rows]
    return "\n".join([*lines, "differs from one full rebuild (right):", *found])
