"""The progress bar of a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class BarDisplay:
    """A progress bar with lines above it."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        """Move the task of a running progress display."""
        self._progress = progress
        self._task = task

    def line(self, text: str) -> None:
        """Print the line above the bar."""
        self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def progress(self, done: int, total: int, name: str | None = None) -> None:
        """Move the bar."""
        counted = f"{done:,}/{total:,}" if total else ""
        self._progress.update(self._task, completed=done, total=total or None, counted=counted)
        if name:
            self._progress.update(self._task, current=name)


@contextmanager
def bar(label: str, stream: TextIO) -> Iterator[BarDisplay]:
    """Show a bar while the block runs, nothing of it afterwards."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[counted]}"),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[current]}"),
    )
    console = Console(file=stream)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task(label, total=None, counted="", current="")
        yield BarDisplay(progress, task)
