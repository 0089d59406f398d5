"""How a run tells whoever started it what happens: the terminal listens, a schedule does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.build.failures import Failure
    from orchestration.landing import FileOutcome


def _ignore(*_: object) -> None:
    return None


@dataclass(frozen=True)
class Reporter:
    """Whom to call when something happened. Every call may be ignored."""

    file_done: Callable[[FileOutcome], None] = _ignore
    pull_failed: Callable[[str], None] = _ignore
    """Why a running system could not be read to the end; the run goes on."""
    node_done: Callable[[int, int, str | None], None] = _ignore
    """(done, total, name of the node that starts) of a build, tests included."""
    warned: Callable[[list[Failure]], None] = _ignore
    """Tests that found something and only warn."""
    found: Callable[[str, list[str]], None] = _ignore
    """(name, findings) of a check of the build that warns."""
