"""`make bench-large`: does the design keep its promises on millions of events?

A believable log is written, landed and built whole; ten questions are asked of what was published
and of the same rows in CVAT's own table in ClickHouse, which must answer the same; then come new
days and late rows. CPU seconds are those of all processes, each step a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.promises import promises
from benchmarks.sizes import (
    LATE_DAYS,
    Plan,
    Size,
    Starts,
    fresh_home,
    measure,
    new_days,
    shortest_history,
    starts,
)
from orchestration.home import PROJECT

EVENTS = 20_000_000
DAY_EVENTS = 105_000
MEMORY_LIMIT = "3.5GB"
PICTURE = PROJECT / "docs" / "pictures" / "cost.png"
NAME = 58


def lines_of_costs(starts: Starts, size: Size) -> list[str]:
    """Return the lines that say what each step cost at one size."""
    kept = f"{size.late_rows:,} late rows on {LATE_DAYS} old days"
    rows = {
        **size.steps,
        "dbt's start, first build": starts.first,
        "dbt's start, later build": starts.later,
        "a day alone": starts.day,
        "one more day on the history": size.new_day,
        kept: size.late,
    }
    lines = [f"{'step':<{NAME}}{'wall s':>10}{'CPU s':>10}{'CPU / floor':>13}{'peak MB':>10}"]
    lines += [
        f"{name:<{NAME}}{cost.wall_s:>10.1f}{cost.cpu_s:>10.1f}"
        f"{cost.cpu_s / size.steps['floor'].cpu_s:>13.2f}{cost.peak_bytes / 1e6:>10,.0f}"
        for name, cost in rows.items()
    ]
    noise_s = max(starts.spread_s, size.spread_s)
    lines.append(f"Repetitions from dbt's start on differed by up to {noise_s:.1f} CPU s")
    return lines


def lines_of_questions(size: Size) -> list[str]:
    """Return the lines that say how long each question took, warm."""
    head = ("measures ms", "least", "raw rows ms", "least", "times")
    lines = [f"{'question':<{NAME}}" + "".join(f"{name:>12}" for name in head) + f"{'rows':>8}"]
    for one in size.latencies:
        line = f"{one.asked:<{NAME}}{one.median_ms:>12.1f}{one.best_ms:>12.1f}"
        if one.raw_median_ms is None:
            line += f"{'not there':>12}{'':>24}"
        else:
            line += (
                f"{one.raw_median_ms:>12.1f}{one.raw_best_ms:>12.1f}"
                f"{one.raw_median_ms / one.median_ms:>12.1f}"
            )
        lines.append(f"{line}{one.rows:>8,}")
    return lines


def lines_of_bytes(size: Size) -> list[str]:
    """Return the lines that say how many bytes an event takes, of CVAT's and the samples."""
    history = size.history_rows
    lines = [f"{'bytes an event':<{NAME}}"]
    for name, count in size.parts.items():
        lines.append(f"  {name:<{NAME - 2}}{count / history:>10.1f}")
    lines.append(f"  {'the published file':<{NAME - 2}}{size.published_bytes / history:>10.1f}")
    for codec, count in size.raw_bytes.items():
        name = f"CVAT's table in ClickHouse, {codec}"
        lines.append(f"  {name:<{NAME - 2}}{count / size.cvat_rows:>10.1f}")
    return lines


def report(starts: Starts, sizes: Sequence[Size]) -> list[str]:
    """Return all lines."""
    lines = []
    for size in sizes:
        lines += [
            f"{size.history_rows:,} rows, {size.cvat_rows:,} of them CVAT's",
            "",
            *lines_of_costs(starts, size),
            "",
            *lines_of_questions(size),
            "",
            *lines_of_bytes(size),
            "",
        ]
    lines.append(f"{'promise':<{NAME}}{'found':>10}{'bound':>14}")
    for one in promises(starts, sizes):
        kept = "" if one.is_kept else "  NOT KEPT"
        lines.append(f"{one.name:<{NAME}}{one.found:>10.2f}{one.bound:>14}{kept}")
    return lines


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument(
        "--events",
        type=int,
        nargs="+",
        default=[EVENTS],
        metavar="N",
        help=f"CVAT's events in the history, one size or several (default {EVENTS})",
    )
    parser.add_argument(
        "--day-events",
        type=int,
        default=DAY_EVENTS,
        metavar="N",
        help=f"events and samples of a day (default {DAY_EVENTS})",
    )
    parser.add_argument(
        "--repeat",
        type=int,
        default=3,
        metavar="N",
        help="how many days, sets of late rows and floors, of which the median counts (default 3)",
    )
    parser.add_argument(
        "--memory-limit",
        default=MEMORY_LIMIT,
        metavar="SIZE",
        help=f"what DuckDB may hold while it builds (default {MEMORY_LIMIT})",
    )
    parser.add_argument(
        "--tests-up-to",
        type=int,
        default=EVENTS,
        metavar="N",
        help=f"leave dbt's tests out of larger histories (default {EVENTS})",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all that was found")
    parser.add_argument("--no-picture", action="store_true", help=f"leave {PICTURE.name} as it is")
    given = parser.parse_args()
    if min(given.day_events, given.repeat) < 1:
        parser.error("--day-events and --repeat must be at least 1")
    given.events.sort()
    least = shortest_history(given.day_events, given.repeat)
    if given.events[0] < least:
        parser.error(
            f"--events {given.events[0]} is too short a history for days of {given.day_events}:"
            f" give at least {least}, or fewer --day-events"
        )
    return given


def main() -> None:
    """Measure, print, draw."""
    given = arguments()
    os.environ["WAREHOUSE_MEMORY_LIMIT"] = given.memory_limit
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        plan = Plan(Path(place), given.day_events, given.repeat, given.tests_up_to)
        home, empty = fresh_home(plan)
        days = new_days(plan)
        start = starts(home, empty, plan, days)
        sizes = []
        for events in given.events:
            sizes.append(measure(home, empty, plan, events, days))
            print("\n".join(report(start, sizes[-1:])), flush=True)
    if len(sizes) > 1:
        print("\n".join(["", "All sizes", "", *report(start, sizes)]))
    if given.json:
        found = {"starts": start.as_json(), "sizes": [size.as_json() for size in sizes]}
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if not given.no_picture:
        from benchmarks.picture import draw

        draw(start, sizes, PICTURE)
        print(f"Drew {PICTURE}")


if __name__ == "__main__":
    main()
