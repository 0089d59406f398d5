"""The record of the last successful build: it exists exactly while the build file is whole."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime

from orchestration.home import Home


@dataclass(frozen=True)
class BuildRecord:
    """What a successful build was made from, and when. Times are UTC in ISO format."""

    build_id: str
    fingerprint: str
    started_at: str
    finished_at: str
    loads: list[str]
    variables: dict[str, object]
    data_through: dict[str, str | None]
    """Source -> time of its latest event."""
    counts: dict[str, int] = field(default_factory=dict)
    """Kind of node (model, seed, test) -> how many succeeded."""

    @property
    def seconds(self) -> float:
        """How long the build took."""
        took = datetime.fromisoformat(self.finished_at) - datetime.fromisoformat(self.started_at)
        return took.total_seconds()


def read_record(home: Home) -> BuildRecord | None:
    """Return the record of the build file, None where no build has succeeded since it changed."""
    try:
        return BuildRecord(**json.loads(home.build_record.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_record(home: Home, record: BuildRecord) -> None:
    """Put the record in place at once: a kill leaves the whole record or none."""
    unfinished = home.build_record.with_suffix(".tmp")
    unfinished.write_text(json.dumps(asdict(record), indent=2) + "\n")
    os.replace(unfinished, home.build_record)


def remove_record(home: Home) -> None:
    """Say that the build file is about to change."""
    home.build_record.unlink(missing_ok=True)
