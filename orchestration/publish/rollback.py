"""Going back: readers see an earlier state again, until a new build is published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.publish.copying import clone
from orchestration.publish.history import earlier_states
from orchestration.publish.publication import Publication, readable
from orchestration.publish.replacing import replace_state


def roll_back(home: Home, build_id: str | None = None) -> Publication:
    """Give readers the state of that build again, of the one before theirs if none is named.

    `rolled_back_from` of what readers then see is the build that was published last; it is null
    where that very build is named, which ends the rollback. The caller holds the write lock. Raises
    WarehouseError where there is no such state; the published state then stays as it is.
    """
    before = readable(home)
    states = earlier_states(home)
    if build_id is None:
        build_id = _one_back(states, before)
    if before and build_id == before.build_id:
        raise WarehouseError(f"Readers see build {build_id} already.")
    if build_id not in states:
        raise WarehouseError(f"No state of build {build_id} is kept. {_which(states)}")
    taken_back = (before.rolled_back_from or before.build_id) if before else None
    if taken_back == build_id:
        taken_back = None

    def make(copy: Path) -> None:
        from orchestration.publish.state import sign_again

        clone(states[build_id], copy)
        sign_again(copy, build_id, datetime.now(UTC).replace(tzinfo=None), taken_back)

    return replace_state(home, build_id, make)


def _one_back(states: dict[str, Path], before: Publication | None) -> str:
    older = [known for known in states if before is None or known < before.build_id]
    if not older:
        seen = f"build {before.build_id}" if before else "what is published"
        raise WarehouseError(f"No state from before {seen} is kept. {_which(states)}")
    return older[-1]


def _which(states: dict[str, Path]) -> str:
    if not states:
        return "None is: the first one is kept when a second build is published."
    return f"There is: {', '.join(reversed(states))}"
