"""What each model of a build costs: `python -m benchmarks.by_model HOME_FOLDER`.

dbt runs in this process, one model at a time, so that what the process spends between the start
and the end of a model is that model's. Beside seconds it shows by how much a model raised the
process's peak memory. The home must have landed what is to be built.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

from orchestration.build import dbt
from orchestration.home import Home

REST = "dbt itself: parsing, compiling, logging"


@dataclass(frozen=True)
class Spent:
    """Wall and CPU seconds, and by how many bytes the peak memory rose."""

    name: str
    wall_s: float
    cpu_s: float
    raised_bytes: int


def _now() -> tuple[float, float, int]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    kib = 1 if sys.platform == "darwin" else 1024
    return time.monotonic(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * kib


def _since(name: str, before: tuple[float, float, int]) -> Spent:
    return Spent(name, *(now - then for now, then in zip(_now(), before, strict=True)))


def spent_by_node(home: Home, *arguments: str) -> list[Spent]:
    """Run dbt on the home; return what each node cost, the dearest first, dbt's own part last.

    Raises SystemExit where dbt fails.
    """
    os.environ.update(dbt.environment(home))
    started: dict[str, tuple[float, float, int]] = {}
    found: list[Spent] = []

    def observe(event: Any) -> None:
        if event.info.name == "NodeStart":
            started[event.data.node_info.unique_id] = _now()
        elif event.info.name == "NodeFinished":
            name = event.data.node_info.unique_id
            found.append(_since(event.data.node_info.node_name, started.pop(name)))

    before = _now()
    answer = dbtRunner(callbacks=[observe]).invoke([*arguments, "--quiet", "--threads", "1"])
    whole = _since(REST, before)
    if not answer.success:
        raise SystemExit(f"dbt {' '.join(arguments)} failed: {answer.exception or 'see above'}")
    rest = Spent(
        REST,
        whole.wall_s - sum(one.wall_s for one in found),
        whole.cpu_s - sum(one.cpu_s for one in found),
        whole.raised_bytes - sum(one.raised_bytes for one in found),
    )
    return [*sorted(found, key=lambda one: -one.cpu_s), rest]


def table(spent: list[Spent], least_cpu_s: float = 0.1) -> list[str]:
    """Return the lines of the profile; what cost less than `least_cpu_s` stands in one line."""
    lines = [f"{'model':<52}{'wall s':>9}{'CPU s':>9}{'share':>8}{'raised peak MB':>16}"]
    whole = sum(one.cpu_s for one in spent)
    small = [one for one in spent if one.cpu_s < least_cpu_s and one.name != REST]
    shown = [one for one in spent if one not in small]
    shown.insert(
        -1,
        Spent(
            f"{len(small)} others",
            sum(one.wall_s for one in small),
            sum(one.cpu_s for one in small),
            sum(one.raised_bytes for one in small),
        ),
    )
    all_of_them = Spent(
        "all",
        sum(one.wall_s for one in spent),
        whole,
        sum(one.raised_bytes for one in spent),
    )
    for one in (*shown, all_of_them):
        lines.append(
            f"{one.name:<52}{one.wall_s:>9.2f}{one.cpu_s:>9.2f}{one.cpu_s / whole:>8.1%}"
            f"{one.raised_bytes / 1e6:>16,.0f}"
        )
    return lines


def main() -> None:
    """Run dbt and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.by_model", description=__doc__)
    parser.add_argument("home", type=Path, help="a home that has landed something")
    parser.add_argument(
        "dbt", nargs="*", default=["run"], metavar="DBT_ARGUMENT", help="what dbt does (run)"
    )
    given = parser.parse_args()
    for line in table(spent_by_node(Home(given.home.resolve()), *given.dbt)):
        print(line)


if __name__ == "__main__":
    main()
