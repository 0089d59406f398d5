"""What became of a path that was given to landing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from orchestration.landing.schemas import UNITS

Status = Literal["landed", "already landed", "waiting", "refused"]


class LandingError(Exception):
    """The whole load cannot go on; its text is one line for a person."""


class RefusedError(Exception):
    """One file cannot land; its text says why in one line."""


class UnfinishedError(RefusedError):
    """One file cannot land, since it ends too early or still changes."""


def one_line(text: str) -> str:
    """Return a text in one line for the terminal, whatever characters it has."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One path after landing. `str()` is its line for the terminal.

    `waiting` is a file of a folder that is still being written: the next landing takes it.

    `landed` counts whole units (records, samples, batches), `quarantined` those of them that
    went to quarantine, `reasons` every quarantined piece by reason code, bad events inside of
    batches included.
    """

    path: Path
    status: Status
    landed: int = 0
    quarantined: int = 0
    message: str = ""
    source: str | None = None
    format: str | None = None
    file_id: str | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return status, path and message in one line, whatever characters the path has."""
        return one_line(f"{self.status:<14}  {self.path}: {self.message}")


def landed(
    path: Path,
    source: str,
    format_: str,
    file_id: str,
    good: int,
    bad: Sequence[tuple[str, str, int]],
    not_utf8: int,
) -> FileOutcome:
    """Return the outcome of a file with its good units and the (unit, reason, number) of bad.

    `not_utf8` of the good ones have bytes that are not UTF-8.
    """
    whole = sum(count for unit, _, count in bad if unit == UNITS[source])
    reasons: dict[str, int] = {}
    for _, reason, count in bad:
        reasons[reason] = reasons.get(reason, 0) + count
    return FileOutcome(
        path,
        "landed",
        landed=good + whole,
        quarantined=whole,
        message=_summary(source, good + whole, whole, reasons) + _told(not_utf8),
        source=source,
        format=format_,
        file_id=file_id,
        reasons=reasons,
    )


def _told(not_utf8: int) -> str:
    if not not_utf8:
        return ""
    return rf"; {not_utf8:,} with bytes that are not UTF-8, kept as \xNN"


def _summary(source: str, landed: int, quarantined: int, reasons: dict[str, int]) -> str:
    unit = UNITS[source]
    units = unit if landed == 1 else f"{unit}es" if unit == "batch" else f"{unit}s"
    line = f"{landed:,} {units} of {source}"
    bad = [f"{quarantined:,} quarantined"] if quarantined else []
    if inside := sum(reasons.values()) - quarantined:
        events = "event" if inside == 1 else "events"
        bad.append(f"{inside:,} {events} inside of batches quarantined")
    if not bad:
        return line
    why = ", ".join(f"{count:,} {reason}" for reason, count in reasons.items())
    return f"{line}; {' and '.join(bad)} ({why})"
