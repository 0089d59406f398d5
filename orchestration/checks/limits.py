"""From where on the checks warn: all limits in one place."""

from __future__ import annotations

import os

from orchestration.errors import WarehouseError

FRESH_HOURS = 72
"""How old a source's newest event may be, in hours, where WAREHOUSE_FRESH_HOURS says nothing
else: a weekend passes."""

VOLUME_DAYS = 7
"""How many completed days of a source are checked: each weekday once."""

VOLUME_WEEKS = 8
"""The same weekday of up to so many weeks before says what is usual."""

VOLUME_WEEKS_NEEDED = 4
"""With fewer weeks before it a day is not checked."""

VOLUME_SPREADS = 4
"""How far from the median a day may be, in spreads of those weeks."""

TIME_DAYS = 28
"""The last days whose working time is checked."""

TIME_SHARE = 0.25
"""How far they may be apart, as a share of the larger of the two."""

TIME_MINUTES = 30
"""How far they may be apart, in minutes, whatever the share."""

DAY_HOURS = 24
"""How many hours of counted active time a day of one user may have, where WAREHOUSE_DAY_HOURS
says nothing else."""

IDLE_MINUTES = 30
"""How much time on a job may leave nothing behind."""

SILENT_EVENTS = 10
"""Days with fewer events than this at the median are not missed."""

LINES = 20
"""How many findings a check lists; it counts the others."""


def fresh_hours() -> float:
    """Return how old a source's newest event may be; raises WarehouseError for no number."""
    return _hours("WAREHOUSE_FRESH_HOURS", FRESH_HOURS)


def day_hours() -> float:
    """Return how long a user's day may be; raises WarehouseError for no number of hours."""
    return _hours("WAREHOUSE_DAY_HOURS", DAY_HOURS)


def _hours(name: str, usual: int) -> float:
    said = os.environ.get(name) or str(usual)
    try:
        hours = float(said)
    except ValueError:
        hours = 0.0
    if not 0 < hours < float("inf"):
        raise WarehouseError(f"{name} is {said!r}; it must be a number of hours, such as {usual}")
    return hours
