"""The picture of `make bench-large`: what questions take, and what a history makes dearer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from benchmarks.sizes import LATE_DAYS, Size, Starts

OURS, RAW = "#2a6f97", "#f4a259"


def draw(starts: Starts, sizes: Sequence[Size], file: Path) -> None:
    """Draw latency per question at the largest size beside cost against the size of the history."""
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 4.2), width_ratios=(3, 2), layout="constrained"
    )
    _latencies(left, sizes[-1])
    _costs(right, starts, sizes)
    figure.savefig(file, dpi=130)
    plt.close(figure)


def _latencies(axes: plt.Axes, size: Size) -> None:
    asked = sorted(size.latencies, key=lambda one: -one.median_ms)
    places = range(len(asked))
    axes.barh(
        [place + 0.2 for place in places],
        [one.median_ms for one in asked],
        height=0.4,
        color=OURS,
        label="measures",
    )
    axes.barh(
        [place - 0.2 for place in places],
        [one.raw_median_ms or 0 for one in asked],
        height=0.4,
        color=RAW,
        label="CVAT's table in ClickHouse",
    )
    axes.set_yticks(places, [one.asked for one in asked])
    axes.set_xscale("log")
    axes.set_xlabel("ms, warm, median")
    axes.set_title(
        f"Ten questions at {size.cvat_rows / 1e6:.0f} M events", loc="left", weight="bold"
    )
    axes.legend(frameon=False)


def _costs(axes: plt.Axes, starts: Starts, sizes: Sequence[Size]) -> None:
    history = [size.cvat_rows / 1e6 for size in sizes]
    lines = {
        "land and build whole": [
            size.steps["land"].cpu_s + size.steps["run"].cpu_s for size in sizes
        ],
        "one more day": [size.new_day.cpu_s for size in sizes],
        f"late rows on {LATE_DAYS} old days": [size.late.cpu_s for size in sizes],
        "landing floor": [size.steps["floor"].cpu_s for size in sizes],
    }
    for name, seconds in lines.items():
        axes.plot(history, seconds, marker="o", label=name)
    axes.axhline(starts.later.cpu_s, color="grey", linestyle=":", label="dbt's start")
    axes.set_yscale("log")
    axes.set_ylim(bottom=1)
    axes.set_xlim(left=0)
    axes.set_xlabel("history, million events")
    axes.set_title("CPU seconds", loc="left", weight="bold")
    axes.legend(frameon=False)
