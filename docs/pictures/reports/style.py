"""How pictures of reports look."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.dates as dates
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE = "#2a6f97"
ORANGE = "#f4a259"
GREY = "#b8bfc6"
PALETTE = (BLUE, ORANGE, "#5b8e7d", "#bc4b51", "#8cb369", "#7d5ba6", "#d4a373", "#6c757d")


def since(*, days: int) -> str:
    """Return SQL of the UTC midnight from which the last so many days follow."""
    return (
        f"(select date_trunc('day', max(event_at)) - interval {days - 1} day from core.fct_events)"
    )


def axes(
    title: str, *, rows: int = 1, columns: int = 1, width: float = 8.0, height: float = 3.0, **how
) -> tuple[Figure, Axes]:
    """Return a figure (size in inches) and its axes, or an array of them, under one title."""
    figure, drawn = plt.subplots(
        rows, columns, figsize=(width, height), layout="constrained", **how
    )
    figure.suptitle(title, x=0.01, ha="left", weight="bold")
    return figure, drawn


def days(drawn: Axes) -> None:
    """Write a time axis as days."""
    drawn.xaxis.set_major_locator(dates.DayLocator())
    drawn.xaxis.set_major_formatter(dates.DateFormatter("%a %d %b"))


def weeks(drawn: Axes) -> None:
    """Write a time axis as Mondays."""
    drawn.xaxis.set_major_locator(dates.WeekdayLocator(dates.MO))
    drawn.xaxis.set_major_formatter(dates.DateFormatter("%a %d %b"))


def table(
    title: str,
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    widths: Sequence[float],
) -> Figure:
    """Return rows as a table; `widths` are shares of its width. What is not known is empty."""
    figure, drawn = axes(title, width=10.0, height=0.5 + 0.24 * (len(rows) + 1))
    drawn.axis("off")
    cells = [["" if cell is None else f"{cell}" for cell in row] for row in rows]
    grid = drawn.table(
        cells, colLabels=names, colWidths=widths, cellLoc="left", bbox=(0, 0, 1, 1), edges="B"
    )
    grid.auto_set_font_size(False)
    grid.set_fontsize(8)
    for (row, column), cell in grid.get_celld().items():
        cell.set_edgecolor(GREY)
        cell.PAD = 0.02
        is_number = isinstance(rows[max(row - 1, 0)][column], int | float)
        cell.set_text_props(
            weight="bold" if row == 0 else "normal",
            ha="right" if is_number else "left",
        )
    return figure
