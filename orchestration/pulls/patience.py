"""Asking again where the connection broke: the same patience for every system that is read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from orchestration.errors import WarehouseError
from orchestration.retries import wait_s
from orchestration.terminal import plural

TRIES = 4
FIRST_WAIT_S = 1.0

Answer = TypeVar("Answer")


class BrokenError(WarehouseError):
    """The connection failed or an answer was cut: it may be gone a little later."""


@dataclass(frozen=True)
class Patience:
    """How often to ask, and whom to tell of each failure."""

    say: Callable[[str], None]
    tries: int = TRIES
    first_wait_s: float = FIRST_WAIT_S
    """How long to wait before the first retry, in seconds; each later wait is twice as long."""

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Return the answer to a question; raises BrokenError when patience ends."""
        for retry in range(self.tries - 1):
            try:
                return question()
            except BrokenError as error:
                seconds = wait_s(retry, self.first_wait_s)
                self.say(f"Trying again in {seconds:g} s: {error}")
                time.sleep(seconds)
        try:
            return question()
        except BrokenError as error:
            raise BrokenError(
                f"Gave up after {plural(self.tries, 'try', 'tries')}: {error}."
                " What landed stays; the next pull goes on from there"
            ) from error
