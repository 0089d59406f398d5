"""The sources whose logs are CSV of their own: what recognises one, and what types its rows.

Tables of people pass through other people's programs, which leave bytes that are not UTF-8 in
names. Such a row counts: the bytes are kept as text and named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orchestration.landing import appraise, zooniverse


@dataclass(frozen=True)
class CsvSource:
    """What landing must know of one of them."""

    columns: Callable[[Sequence[tuple[str, ...]]], tuple[str, ...]]
    """The first records of a file -> its columns. Raises RefusedError where it is no such file."""
    checked: Callable[[str, Sequence[str], str], str]
    """Raw records (SQL), their columns and the time of landing (SQL) -> SQL of the typed rows, with
    reason, detail and raw_text."""
    looks_so: Callable[[Sequence[str]], bool]
    """Whether a first record is that of such a file: a header gives it away, a row hints at it."""
    has_header: bool
    json_columns: tuple[str, ...]


CSV_SOURCES = {
    "appraise": CsvSource(
        appraise.columns,
        appraise.checked,
        appraise.looks_so,
        has_header=False,
        json_columns=("error_spans",),
    ),
    "zooniverse": CsvSource(
        zooniverse.columns,
        zooniverse.checked,
        zooniverse.looks_so,
        has_header=True,
        json_columns=("metadata", "annotations", "subject_data"),
    ),
}
"""Source -> what it is."""

SHOW_NO_SOURCE = tuple(name for name, own in CSV_SOURCES.items() if not own.has_header)
"""Those whose files say nothing of what they are: --source does, or the name of their folder."""
