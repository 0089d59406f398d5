"""One pull: all resources are read, then what changed lands as one load, or nothing does."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.landing import land
from orchestration.pulls.cvat_api.changes import LastPull, last_pull, write_changes
from orchestration.pulls.cvat_api.client import Server, connected, pages
from orchestration.pulls.cvat_api.resources import ENDPOINTS, kept
from orchestration.pulls.cvat_api.settings import Source
from orchestration.pulls.patience import Patience

_SCRATCH = "pull-"


@dataclass(frozen=True)
class Pulled:
    """What a pull saw and what of it was new."""

    seen: Counter[str] = field(default_factory=Counter)
    """Resource -> how many there are."""
    changed: int = 0
    """Resources that are new or not what they were."""
    gone: int = 0
    """Resources that were there at the last pull."""

    @property
    def has_landed(self) -> bool:
        """Whether anything was new."""
        return bool(self.changed or self.gone)


def pull(
    home: Home,
    source: Source,
    environment: Mapping[str, str],
    patience: Patience,
    *,
    moved: bool = False,
    progress: Callable[[str, int], None] = lambda resource, count: None,
) -> Pulled:
    """Land what changed in a CVAT since the last pull.

    A warehouse follows one CVAT: where the last pull was of another address or organization,
    nothing lands unless the same CVAT has `moved`. `progress` is told of each kind of resource
    with its number. The caller holds the writers' lock. Raises WarehouseError where CVAT cannot
    be read as a whole; then nothing lands.
    """
    before = last_pull(home)
    seen_at = _now(before)
    if before and not moved:
        _refuse_other(before, source)
    with _scratch(home) as scratch:
        with connected(source, environment, patience) as server:
            counts = _write_seen(server, scratch / "seen.jsonl", progress)
        changes = scratch / f"cvat-api_{source.file_name}_{seen_at:%Y%m%dT%H%M%SZ}.jsonl"
        common = {
            "seen_at": f"{seen_at.isoformat(timespec='milliseconds')}Z",
            "server": source.url,
            "organization": source.organization,
        }
        pulled = Pulled(counts, *write_changes(home, scratch / "seen.jsonl", changes, common))
        if pulled.has_landed:
            (outcome,) = land([changes], home, source="cvat_resources")
            if outcome.status != "landed" or outcome.quarantined:
                raise WarehouseError(f"{source}: not all of it could land: {outcome.message}")
    return pulled


def _now(before: LastPull | None) -> datetime:
    """Return when the pull begins: what it sees is as new as that, or newer."""
    now = datetime.now(UTC).replace(tzinfo=None)
    if before and now <= before.seen_at:
        raise WarehouseError(
            f"The clock says {now:%Y-%m-%d %H:%M:%S} UTC, and the last pull was at"
            f" {before.seen_at:%Y-%m-%d %H:%M:%S}: set the clock right and pull again"
        )
    return now


def _refuse_other(before: LastPull, source: Source) -> None:
    """A pull of another CVAT, or of another part, would end all that it does not show."""
    if before.server is not None and before.source != source:
        raise WarehouseError(
            f"Nothing landed: the names here are those of {before.source}, and {source} would end"
            " all of them. Use another WAREHOUSE_HOME, or say --moved if it is the same CVAT"
        )


def _write_seen(server: Server, seen: Path, progress: Callable[[str, int], None]) -> Counter[str]:
    counts: Counter[str] = Counter()
    with seen.open("w", encoding="utf-8") as out:
        for resource in ENDPOINTS:
            for page in pages(server, resource):
                for shown in page:
                    for number, attributes in kept(resource, shown):
                        line = {"resource": resource, "id": number}
                        out.write(json.dumps({**line, "attributes": json.dumps(attributes)}) + "\n")
                        counts[resource] += 1
            progress(resource, counts[resource])
    return counts


@contextmanager
def _scratch(home: Home) -> Iterator[Path]:
    """Give a folder for what is read, without what a killed pull left behind."""
    home.scratch.mkdir(parents=True, exist_ok=True)
    for left in home.scratch.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=home.scratch) as folder:
        yield Path(folder)
