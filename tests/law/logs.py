"""Random small logs: islands of people and jobs, cut into files, the files into loads.

An island has ids of its own and is busy on a handful of days. Several share a warehouse, so that
one build tries many. What is drawn depends on nothing but a seed.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning

from tests.law import cvat, platform
from tests.law.cvat import Record, pick
from tests.law.times import ANCHORS_MS, DAY, GAPS_MS, OFFSETS, first_days

EVENTS, BATCHES, SAMPLES = "cvat_events", "cvat_client_batches", "platform_samples"
LOADS = 4
"""How many loads an island's rows are drawn for; a case with fewer takes the remainder."""

FORMATS = {
    EVENTS: ("csv", "csv", "csv.gz", "old.csv", "jsonl", "jsonl", "jsonl.gz", "parquet"),
    BATCHES: ("jsonl",),
    SAMPLES: ("jsonl", "jsonl", "jsonl.gz", "arrays.jsonl"),
}
"""How the files of a source can be written."""

SLOTS = {EVENTS: 2, BATCHES: 1, SAMPLES: 2}
"""How many files of a source one load can bring."""

STATEMENTS = 1000
"""About how many statements a build sends to DuckDB."""

ENDS = ("fails", "disk is full", "killed", "killed")
"""What happens to a build that breaks off: one statement of it fails, that one and all after it do,
or its process is killed."""

FileKey = tuple[int, str, int]
"""Load, source, slot."""


@dataclass(frozen=True)
class Row:
    """One unit of a log and the files that hold it: twice in one file, it happened twice."""

    source: str
    record: Record
    places: tuple[tuple[int, int], ...]
    """Load and slot of each copy."""
    is_bad: bool = False


@dataclass(frozen=True)
class Island:
    """The rows about one small group of people and their work."""

    number: int
    rows: tuple[Row, ...] = field(repr=False)

    @property
    def mark(self) -> str:
        """What all ids of the island begin with."""
        return f"{100 + self.number}000"


@dataclass(frozen=True)
class Load:
    """One load: how its files are written, and what else happens around its build."""

    formats: Mapping[str, tuple[str, ...]]
    """Source -> the format of each slot."""
    again: tuple[FileKey, ...] = ()
    """Files of earlier loads that are given again."""
    breaks: tuple[int, str] | None = None
    """A first build comes to its end at this statement, in one of the ways of ENDS."""
    is_built_twice: bool = False


@dataclass(frozen=True)
class Case:
    """A warehouse's whole life."""

    islands: tuple[Island, ...]
    loads: tuple[Load, ...]
    shuffle: int = 0
    """The seed of the order of rows within files."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    is_watched: bool = False
    """It is compared with a full rebuild after every load."""

    def files(self) -> dict[FileKey, list[Row]]:
        """Return the rows of each file, in order."""
        files: dict[FileKey, list[Row]] = {}
        for row in (row for island in self.islands for row in island.rows):
            for load, slot in row.places:
                key = (load % len(self.loads), row.source, slot)
                files.setdefault(key, []).append(row)
        for key in sorted(files):
            Random(f"{self.shuffle} {key}").shuffle(files[key])
        return dict(sorted(files.items()))


@dataclass(frozen=True)
class Theme:
    """What an island is about: what follows from what is only tried where both are frequent."""

    kinds: tuple[str, ...]
    """Of strands: cvat, platform, both, batches."""
    families: tuple[str, ...] = cvat.FAMILIES
    samples: tuple[str, ...] = platform.KINDS


THEMES = (
    Theme(("cvat", "cvat", "cvat", "platform", "platform", "both", "batches")),
    Theme(("cvat", "cvat", "cvat", "batches"), families=cvat.CLOCK),
    Theme(("cvat", "cvat", "both"), families=cvat.CLOCK, samples=("activity",)),
    Theme(("cvat",), families=("worked", "report")),
    Theme(("cvat",), families=("worked", "worked", "frame", "report")),
    Theme(("cvat",), families=cvat.SAVING),
    Theme(("cvat", "both"), families=cvat.LIFE, samples=platform.REVIEW),
    Theme(("platform",), samples=platform.REVIEW),
    Theme(("platform",), samples=platform.WORK),
    Theme(("platform",), samples=platform.MACHINES),
)


def _some_of(kinds: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Return all kinds of rows of a theme, or one or two of them: then each has days of its own."""
    few = st.tuples(pick(kinds), pick(kinds))
    return st.one_of(st.just(kinds), few, few)


@st.composite
def _strands(
    draw: st.DrawFn, base: int, first_day: int, theme: Theme
) -> list[tuple[str, Record, bool]]:
    """Draw what a few people do in one go: rows one after the other."""
    place = draw(cvat.places(base))
    kind = draw(pick(theme.kinds))
    families, samples = draw(_some_of(theme.families)), draw(_some_of(theme.samples))
    at = first_day + DAY * draw(pick(OFFSETS)) + draw(pick(ANCHORS_MS))
    rows: list[tuple[str, Record, bool]] = []
    for step in range(draw(pick((1, 2, 3, 3, 4, 5, 8, 12)))):
        at += draw(pick(GAPS_MS)) if step else 0
        if draw(st.integers(0, 7)) == 7:
            place = draw(cvat.places(base))
        if kind == "batches" and draw(st.booleans()):
            batch, at = draw(cvat.batches(place, at))
            rows.append((BATCHES, batch, False))
            continue
        is_bad = draw(st.integers(0, 19)) == 19
        if kind == "platform" or (kind == "both" and draw(st.booleans())):
            good = platform.samples(place, at, samples)
            rows.append(
                (SAMPLES, draw(platform.bad_samples(place, at) if is_bad else good), is_bad)
            )
        else:
            good = cvat.event_rows(place, at, families)
            rows.append((EVENTS, draw(cvat.bad_event_rows(place, at) if is_bad else good), is_bad))
    return rows


@st.composite
def islands(draw: st.DrawFn, number: int) -> Island:
    """Draw one island: up to 60 rows, each in one file or in more."""
    base, first_day = (100 + number) * 1_000_000, draw(first_days(number))
    theme = draw(pick(THEMES))
    rows: list[Row] = []
    for _ in range(draw(st.integers(2, 8))):
        usual, way = draw(_places), draw(pick(WAYS))
        for source, record, is_bad in draw(_strands(base, first_day, theme)):
            places = [usual]
            if way == "scattered" and draw(st.booleans()):
                places = [draw(_places)]
            if way == "copied" and draw(st.integers(0, 2)) == 2:
                places.append(draw(st.one_of(st.just(usual), _places)))
            slots = SLOTS[source]
            kept = tuple((load, slot % slots) for load, slot in places)
            rows.append(Row(source, record, kept, is_bad))
    return Island(number, tuple(rows[:60]))


WAYS = ("whole", "whole", "whole", "whole", "scattered", "copied")
"""How a strand comes: in one file, so that it leaves other loads' days alone; over several loads;
in several files, or twice in one."""

_places = st.tuples(st.integers(0, LOADS - 1), st.integers(0, 1))


@st.composite
def load_plans(draw: st.DrawFn) -> tuple[Load, ...]:
    """Draw how loads come, and what else happens around their builds."""
    loads: list[Load] = []
    for number in range(draw(pick((2, 3, 3, 4)))):
        formats = {
            source: tuple(draw(pick(FORMATS[source])) for _ in range(slots))
            for source, slots in SLOTS.items()
        }
        earlier = [(n, source, 0) for n in range(number) for source in (EVENTS, SAMPLES)]
        again = draw(st.lists(pick(earlier), max_size=1)) if earlier else []
        breaks = None
        if draw(st.integers(0, 3)) == 3:
            breaks = draw(st.integers(1, STATEMENTS)), draw(pick(ENDS))
        loads.append(
            Load(
                formats,
                tuple(again),
                breaks=breaks,
                is_built_twice=draw(st.integers(0, 5)) == 5,
            )
        )
    return tuple(loads)


def drawn(strategy: st.SearchStrategy[Any], seed: int) -> Any:
    """Return one example that depends on the seed alone."""
    quiet = settings(
        phases=[Phase.generate],
        max_examples=9,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    # The example tried first is the simplest, all zeros, and the next one begins otherwise.
    numbered = st.tuples(st.integers(0, 2**32), strategy)
    with warnings.catch_warnings():
        # An example is long, and hypothesis would rather not write it out.
        warnings.simplefilter("ignore", HypothesisWarning)
        return find(numbered, lambda drawn: drawn[0] > 0, settings=quiet, random=Random(seed))[1]


def case(seeds: range, variables: Mapping[str, Any], *, is_watched: bool = False) -> Case:
    """Return the warehouse of the islands of some seeds."""
    found = tuple(drawn(islands(number), seed) for number, seed in enumerate(seeds))
    return Case(found, drawn(load_plans(), seeds.start), seeds.start, variables, is_watched)
