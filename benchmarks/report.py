"""What the steps of a benchmark cost, as a table, and how they compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from benchmarks.costs import Cost

TESTED, UNTESTED = "build", "run"
"""dbt's commands: models with their tests between them, models alone."""

HEADS = {TESTED: "with tests", UNTESTED: "models only"}
NAME = 58


class Step(NamedTuple):
    """What was done, and the least that it cost in each way of building."""

    name: str
    land: Cost | None
    build: Mapping[str, Cost]
    spread_s: float
    """How far the CPU seconds of one way differed between repetitions, at most."""


class Pair(NamedTuple):
    """Two steps to compare, each with the step that holds nothing but dbt's start."""

    name: str
    upper: Step
    lower: Step
    upper_start: Step
    lower_start: Step
    days: int = 1
    """How many days the upper one builds."""


def table(steps: Iterable[Step], ways: Sequence[str]) -> list[str]:
    """Return the lines that say what each step cost, in seconds."""
    lines = [
        f"{'':<{NAME}}{'land':>8}" + "".join(f"{HEADS[way]:>20}" for way in ways),
        f"{'':<{NAME}}{'CPU s':>8}" + f"{'wall s':>10}{'CPU s':>10}" * len(ways),
    ]
    for step in steps:
        line = f"{step.name:<{NAME}}" + (f"{step.land.cpu_s:>8.1f}" if step.land else " " * 8)
        for way in ways:
            cost = step.build.get(way)
            line += f"{cost.wall_s:>10.1f}{cost.cpu_s:>10.1f}" if cost else " " * 20
        lines.append(line.rstrip())
    return lines


def ratios(pairs: Iterable[Pair], ways: Sequence[str], noise_s: float) -> list[str]:
    """Return the lines that compare CPU seconds: as they are, and less dbt's start.

    What is left without the start and not above the noise is not compared.
    """
    lines = [
        f"{'ratio of CPU seconds':<{NAME}}" + "".join(f"{HEADS[way]:>24}" for way in ways),
        " " * NAME + f"{'as it is':>12}{'less start':>12}" * len(ways),
    ]
    for pair in pairs:
        line = f"{pair.name:<{NAME}}"
        for way in ways:
            if way not in pair.lower.build:
                line += " " * 24
                continue
            upper, lower = pair.upper.build[way].cpu_s, pair.lower.build[way].cpu_s
            line += f"{upper / pair.days / lower:>12.2f}"
            upper -= pair.upper_start.build[way].cpu_s
            lower -= pair.lower_start.build[way].cpu_s
            is_seen = min(upper, lower) > noise_s
            line += f"{upper / pair.days / lower:>12.2f}" if is_seen else f"{'noise':>12}"
        lines.append(line.rstrip())
    return lines
