"""One size of `make bench-large`: a log of that many events, landed, built, asked, added to.

Each size runs through the same steps in the same home. A step is a process of its own.
"""

from __future__ import annotations

import math
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import clickhouse
from benchmarks.blocks import bytes_by_part
from benchmarks.costs import Cost, apart, measured
from benchmarks.demo import floor
from benchmarks.log import LAST_DAY, late_rows, row_count, write_log
from benchmarks.questions import Latency, compared
from benchmarks.states import State, building, landing, put_aside, put_back
from orchestration.build.record import BuildRecord, write_record
from orchestration.build.through import data_through
from orchestration.home import Home
from orchestration.publish.copying import bytes_on_disk

PLATFORM_SHARE = 1 / 21
"""One sample for twenty of CVAT's events."""

TINY_EVENTS = 100
LATE_DAYS = 10
STARTS = 3
"""How often dbt's start is measured, at least: it is subtracted from what costs little more."""


class Plan(NamedTuple):
    """How a benchmark measures, whatever the size of the history."""

    folder: Path
    day_events: int
    """Events and samples of each day."""
    repeat: int
    """How many new days, sets of late rows and floors are measured; the median counts."""
    tested_events: float = math.inf
    """Up to how many of CVAT's events dbt's tests run."""

    @property
    def starts(self) -> int:
        """How often dbt's start and a day alone are measured."""
        return max(self.repeat, STARTS)


@dataclass(frozen=True)
class Starts:
    """CPU seconds of building next to nothing, and of one day alone: medians."""

    first: Cost
    """dbt's start in a fresh home."""
    later: Cost
    """The same where something was built before."""
    day: Cost
    """A whole day in a fresh home, dbt's start included."""
    spread_s: float
    """How far repetitions differed at most."""

    def as_json(self) -> dict:
        """Return all of it as JSON takes it."""
        costs = {name: getattr(self, name)._asdict() for name in ("first", "later", "day")}
        return {**costs, "spread_s": self.spread_s}

    @property
    def day_s(self) -> float:
        """CPU seconds of one day alone, dbt's start subtracted."""
        return self.day.cpu_s - self.first.cpu_s


@dataclass(frozen=True)
class Size:
    """What everything cost at one size of history."""

    history_rows: int
    """CVAT's events and samples, late rows and new days not among them."""
    cvat_rows: int
    """CVAT's events of the history."""
    is_tested: bool
    """Whether dbt's tests ran."""
    steps: dict[str, Cost]
    """floor, land, run (models alone), publish; test where all of dbt's tests passed."""
    new_day: Cost
    late: Cost
    late_rows: int
    spread_s: float
    """How far the new days and the late rows differed among themselves at most, CPU seconds."""
    parts: dict[str, int]
    """Part of the published file -> bytes."""
    published_bytes: int
    """What room the published file takes on disk."""
    raw_bytes: dict[str, int]
    """Compression -> bytes of the table in ClickHouse."""
    latencies: list[Latency]

    def over_floor(self, *steps: str) -> float:
        """Return CPU seconds of the steps over those of the floor, infinite where one failed."""
        if not self.steps.keys() >= set(steps):
            return math.inf
        return sum(self.steps[step].cpu_s for step in steps) / self.steps["floor"].cpu_s

    @property
    def peak_bytes(self) -> int:
        """The most that any process of the warehouse held: the floor, without a limit, is none."""
        own = [cost for step, cost in self.steps.items() if step != "floor"]
        return max(cost.peak_bytes for cost in (*own, self.new_day, self.late))

    def as_json(self) -> dict:
        """Return all of it as JSON takes it."""
        said = asdict(self)
        said["steps"] = {name: cost._asdict() for name, cost in self.steps.items()}
        said["new_day"], said["late"] = self.new_day._asdict(), self.late._asdict()
        said["latencies"] = [one._asdict() for one in self.latencies]
        return said


def fresh_home(plan: Plan) -> tuple[Home, State]:
    """Return a home that holds nothing but the seeds, and that state put aside."""
    home = Home(plan.folder / "home")
    home.scratch.mkdir(parents=True)
    building(home, "seed")
    return home, put_aside(home, plan.folder / "empty", 0)


def new_days(plan: Plan) -> list[Path]:
    """Write the days that end every log, without what founds one."""
    days = plan.repeat + 1
    return _log(plan.folder / "days", days * plan.day_events, days)[1:]


def starts(home: Home, empty: State, plan: Plan, days: Sequence[Path]) -> Starts:
    """Measure dbt's start, and the days alone."""
    tiny = _log(plan.folder / "tiny", (plan.starts + 1) * TINY_EVENTS, plan.starts + 1)
    first, later, alone = [], [], []
    for number in range(plan.starts):
        put_back(home, empty)
        landing(home, [days[number % len(days)]])
        alone.append(building(home, "run"))
    for _ in range(plan.starts):
        put_back(home, empty)
        landing(home, tiny[:1])
        first.append(building(home, "run"))
    for day in tiny[1:]:
        landing(home, [day])
        later.append(building(home, "run"))
    _say("dbt's start, and days alone")
    return Starts(
        _middle(first), _middle(later), _middle(alone), max(map(_spread, (first, later, alone)))
    )


def shortest_history(day_events: int, repeat: int) -> int:
    """Return how many of CVAT's events a history has at least, for late rows on days apart."""
    return round((repeat * LATE_DAYS + 2) * day_events * (1 - PLATFORM_SHARE))


def measure(home: Home, empty: State, plan: Plan, events: int, days: Sequence[Path]) -> Size:
    """Measure a history of so many of CVAT's events and their samples, then the new days."""
    before = round(events / (1 - PLATFORM_SHARE) / plan.day_events)
    log = plan.folder / f"log-{events}"
    history = _log(log, (before + plan.repeat) * plan.day_events, before + plan.repeat)[
        : -plan.repeat
    ]
    late = [
        apart(late_rows, log / f"late-{part}", _old_days(history, part))
        for part in range(plan.repeat)
    ]
    history_rows = rows = apart(row_count, history)
    _say(f"{rows:,} rows written")

    put_back(home, empty)
    steps = {"land": landing(home, history)}
    for day in history:
        shutil.rmtree(day)
    _say("landed", steps["land"])
    steps["floor"] = _middle([_floor(home) for _ in range(plan.repeat)])
    _say("floors", steps["floor"])
    steps["run"] = building(home, "run", rows)
    _say("models built", steps["run"])
    is_tested = events <= plan.tested_events
    if is_tested:
        steps |= _tests(home)
    steps["publish"] = _publish(home)
    _say("published", steps["publish"])

    raw = plan.folder / f"clickhouse-{events}"
    sizes = apart(clickhouse.fill, raw, home.lake)
    cvat_rows = next(count for _, count in sizes.values())
    _say("in ClickHouse")
    end = LAST_DAY + timedelta(days=1 - plan.repeat)
    latencies = compared(home, end, raw)
    _say("asked")
    parts = apart(bytes_by_part, home.published_file)
    published_bytes = bytes_on_disk(home.published_file)
    shutil.rmtree(raw)
    shutil.rmtree(home.published_file.parent)

    fresh, mended = [], []
    for day in days:
        landing(home, [day])
        rows += apart(row_count, [day])
        fresh.append(building(home, "run", rows))
    _say("new days", _middle(fresh))
    late_counts = [apart(row_count, [part]) for part in late]
    for part, count in zip(late, late_counts, strict=True):
        landing(home, [part])
        rows += count
        mended.append(building(home, "run", rows))
    _say("late rows", _middle(mended))
    shutil.rmtree(log)
    return Size(
        history_rows=history_rows,
        cvat_rows=cvat_rows,
        is_tested=is_tested,
        steps=steps,
        new_day=_middle(fresh),
        late=_middle(mended),
        late_rows=round(median(late_counts)),
        spread_s=max(_spread(fresh), _spread(mended)),
        parts=parts,
        published_bytes=published_bytes,
        raw_bytes={codec: size for codec, (size, _) in sizes.items()},
        latencies=latencies,
    )


def _log(folder: Path, events: int, days: int) -> list[Path]:
    return apart(write_log, folder, events, days, 1, PLATFORM_SHARE)


def _old_days(history: Sequence[Path], part: int) -> list[Path]:
    """Return ten days of the history, far apart, neither first nor last; other ones a part."""
    between = history[1:-1]
    step = len(between) // LATE_DAYS
    return [between[number * step + part] for number in range(LATE_DAYS)]


def _floor(home: Home) -> Cost:
    cost = floor(home)
    (home.root / "floor.duckdb").unlink()
    return cost


def _tests(home: Home) -> dict[str, Cost]:
    """Run dbt's tests; where one fails, say so and go on: the rest is worth measuring."""
    try:
        cost = building(home, "test")
    except SystemExit as failure:
        _say(str(failure))
        return {}
    _say("tests passed", cost)
    return {"test": cost}


def _publish(home: Home) -> Cost:
    """Publish what dbt has built by itself, of which no record says that it succeeded."""
    now = datetime.now(UTC).isoformat()
    through = apart(data_through, home)
    write_record(home, BuildRecord("bench", "bench", now, now, [], {}, through))
    cost = measured(Path(sys.executable).with_name("warehouse"), "publish", home=home)
    home.build_record.unlink()
    return cost


def _middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of wall and CPU seconds, and the most memory."""
    return Cost(
        median(cost.wall_s for cost in costs),
        median(cost.cpu_s for cost in costs),
        max(cost.peak_bytes for cost in costs),
    )


def _spread(costs: Sequence[Cost]) -> float:
    seconds = [cost.cpu_s for cost in costs]
    return max(seconds) - min(seconds)


def _say(done: str, cost: Cost | None = None) -> None:
    """Say on the terminal how far it is: an hour's work may fail in its last step."""
    line = f"{datetime.now():%H:%M:%S}  {done}"
    if cost:
        line += f": {cost.wall_s:.0f} s, {cost.cpu_s:.0f} CPU s, {cost.peak_bytes / 1e6:,.0f} MB"
    print(line, file=sys.stderr, flush=True)
