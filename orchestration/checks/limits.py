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
"""The last days for which reported and derived time are compared."""

TIME_SHARE = 0.25
"""How far they may be apart, as a share of the larger of the two."""

TIME_MINUTES = 30
"""How far they may be apart, in minutes, whatever the share."""

LINES = 20
"""How many findings a check lists; it counts the others."""


def fresh_hours() -> float:
    """Return how old a source's newest event may be; raises WarehouseError for no number."""
    said = os.environ.get("WAREHOUSE_FRESH_HOURS") or str(FRESH_HOURS)
    try:
        hours = float(said)
    except ValueError:
        hours = 0.0
    if not 0 < hours < float("inf"):
        raise WarehouseError(
            f"WAREHOUSE_FRESH_HOURS is {said!r}; it must be a number of hours, such as 72"
        )
    return hours
