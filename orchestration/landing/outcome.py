"""What became of a path that was given to landing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

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


@dataclass(frozen=True)
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
