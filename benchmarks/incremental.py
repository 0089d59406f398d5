"""What new data costs to build, and whether a longer history makes it dearer.

Everything is compared in CPU seconds of all processes; wall times lie on a machine that does
other things too. Most of a small build is dbt itself: it starts, compiles and logs some hundred
nodes whatever they hold. That start is measured with days of next to nothing, printed, and
subtracted. What is left of a small day is less than the noise: give larger days to see it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.costs import Cost
from benchmarks.log import late_rows, row_count, write_log
from benchmarks.report import TESTED, UNTESTED, Pair, Step, ratios, table
from benchmarks.states import State, building, landing, put_aside, put_back
from orchestration.home import Home
from orchestration.landing import land

SIZES = (250_000, 1_000_000)
DAY_EVENTS = 20_000
TINY_EVENTS = 100
LATE_DAYS = 10
SHORTEST_HISTORY = LATE_DAYS + 2


def bench(
    folder: Path, sizes: Sequence[int], day_events: int, ways: Sequence[str], repeat: int
) -> tuple[list[Step], list[Pair]]:
    """Measure all steps on all sizes of history; return them, and what to compare."""
    home = Home(folder / "home")
    home.scratch.mkdir(parents=True)
    building(home, "seed")
    empty = put_aside(home, folder / "empty", 0)
    first_day, second_day = write_log(folder / "tiny", 2 * TINY_EVENTS, 2)
    new_day = write_log(folder / "day", 2 * day_events, 2)[1:]

    def measure(name: str, before: State, paths: Sequence[Path]) -> Step:
        return _measure(home, name, before, paths, ways, repeat)

    first = measure("dbt's start, first build", empty, [first_day])
    tiny, _ = _history(home, empty, [first_day], folder / "one-tiny-day")
    later = measure("dbt's start, later build", tiny, [second_day])
    alone = measure(f"the new day alone, {row_count(new_day):,} events", empty, new_day)
    steps, fresh, late, grown = [first, later, alone], [], [], []
    wholes = []
    for size in sizes:
        log = folder / f"log-{size}"
        days = size // day_events + 1
        # Every log ends with the new day.
        history = write_log(log, days * day_events, days)[:-1]
        late_file = late_rows(log / "late", _old_days(history))
        built, whole = _history(home, empty, history, folder / f"history-{size}")
        name = f"on {built.rows:,} events"
        none = measure(f"{name}: nothing new", built, [])
        one = measure(f"{name}: the new day", built, new_day)
        rows = f"{row_count([late_file]):,} late rows on {LATE_DAYS} old days"
        ten = measure(f"{name}: {rows}", built, [late_file])
        shutil.rmtree(built.folder)
        steps += [whole, none, one, ten]
        fresh.append(Pair(f"the new day {name}, over that day alone", one, alone, later, first))
        late.append(
            Pair(f"each late day {name}, over one day alone", ten, alone, later, first, LATE_DAYS)
        )
        wholes.append(Pair(f"the new day {name}, over all of them whole", one, whole, later, first))
        grown.append(one)
    longer = [
        Pair(f"the new day on {size:,} events, over on {sizes[0]:,}", one, grown[0], later, later)
        for size, one in zip(sizes[1:], grown[1:], strict=True)
    ]
    return steps, [*fresh, *late, *longer, *wholes]


def _measure(
    home: Home,
    name: str,
    before: State,
    paths: Sequence[Path],
    ways: Sequence[str],
    repeat: int,
) -> Step:
    """Land the paths on a state and build them, each way and as often as is asked for."""
    landings: list[Cost] = []
    builds: dict[str, list[Cost]] = {way: [] for way in ways}
    rows = before.rows + row_count(paths)
    for _ in range(repeat):
        for way in ways:
            put_back(home, before)
            if paths:
                landings.append(landing(home, paths))
            builds[way].append(building(home, way, rows))
    print(f"done: {name}", file=sys.stderr, flush=True)
    seconds = [[cost.cpu_s for cost in found] for found in builds.values()]
    return Step(
        name,
        min(landings, key=_cpu_s, default=None),
        {way: min(found, key=_cpu_s) for way, found in builds.items()},
        max(max(found) - min(found) for found in seconds),
    )


def _cpu_s(cost: Cost) -> float:
    return cost.cpu_s


def _history(home: Home, empty: State, days: Sequence[Path], folder: Path) -> tuple[State, Step]:
    """Build days that came one a load; return the state, and what building it whole cost."""
    put_back(home, empty)
    for day in days:
        land([day], home)
    rows = row_count(days)
    cost = building(home, UNTESTED, rows)
    name = f"{rows:,} events built whole"
    print(f"done: {name}", file=sys.stderr, flush=True)
    return put_aside(home, folder, rows), Step(name, None, {UNTESTED: cost}, 0.0)


def _old_days(history: Sequence[Path]) -> list[Path]:
    """Return ten days of the history, as far apart as it allows, neither first nor last."""
    span = len(history) - 2
    return [history[1 + number * span // LATE_DAYS] for number in range(LATE_DAYS)]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.incremental", description=__doc__)
    parser.add_argument(
        "--events",
        type=int,
        nargs="+",
        default=SIZES,
        metavar="N",
        help=f"sizes of the history (default {' '.join(map(str, SIZES))})",
    )
    parser.add_argument(
        "--day-events",
        type=int,
        default=DAY_EVENTS,
        metavar="N",
        help=f"size of every day (default {DAY_EVENTS})",
    )
    parser.add_argument(
        "--repeat", type=int, default=2, metavar="N", help="take the least of N (default 2)"
    )
    parser.add_argument("--with-tests", action="store_true", help="with dbt's tests, too: longer")
    given = parser.parse_args()
    if min(given.repeat, given.day_events) < 1:
        parser.error("--repeat and --day-events must be at least 1")
    given.events = sorted(given.events)
    least = SHORTEST_HISTORY * given.day_events
    if given.events[0] < least:
        parser.error(
            f"--events {given.events[0]} is less than {SHORTEST_HISTORY} days of"
            f" {given.day_events}: give at least {least}, or fewer --day-events"
        )
    return given


def main() -> None:
    """Measure and print."""
    given = arguments()
    ways = (TESTED, UNTESTED) if given.with_tests else (UNTESTED,)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        steps, pairs = bench(Path(folder), given.events, given.day_events, ways, given.repeat)
    noise_s = max(step.spread_s for step in steps)
    print(f"Days of {given.day_events:,} events, {os.cpu_count()} cores, least of {given.repeat}")
    print("\n".join(["", *table(steps, ways), "", *ratios(pairs, ways, noise_s)]))
    if given.repeat > 1:
        print(f"\nRepetitions of a step differed by up to {noise_s:.1f} CPU s.")
    else:
        print("\nEach step ran once, so nobody knows the noise: give --repeat 3.")


if __name__ == "__main__":
    main()
