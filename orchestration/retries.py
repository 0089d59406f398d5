"""Which failures of a build pass by themselves, and how long to wait for that."""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.build.failures import Failure
from orchestration.errors import WarehouseError

PASSING = (
    "Could not set lock on file",
    "Input/output error",
    "Resource temporarily unavailable",
    "Stale file handle",
    "Connection timed out",
)
"""What DuckDB and the system say where another program or a disk is in the way for a while."""

RETRIES = 3
"""How often a run that nobody waits for tries again."""

FIRST_WAIT_S = 30.0
"""How long before the first retry; each later one waits twice as long as the one before."""


class PassingError(WarehouseError):
    """A build failed for a reason that may be gone a little later."""


def passes(failures: Sequence[Failure], errors: Sequence[str]) -> bool:
    """Say whether all that failed may be gone later: one broken model or test, and it is not."""
    failed = [failure.message for failure in failures if not failure.is_warning]
    said = failed or ["\n".join(errors)]
    return all(any(text in message for text in PASSING) for message in said)


def wait_s(retry: int, first_wait_s: float = FIRST_WAIT_S) -> float:
    """Return how long to wait before that retry, counted from 0, in seconds."""
    return first_wait_s * 2**retry
