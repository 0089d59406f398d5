"""Whether the systems that scheduled runs pull from have anything new."""

from __future__ import annotations

import os

from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.pulls.cvat_api.settings import configured as configured_api
from orchestration.pulls.cvat_clickhouse.settings import configured as configured_clickhouse


def are_set_up() -> bool:
    """Say whether scheduled runs pull from any system."""
    return any(configured(os.environ) for configured in (configured_api, configured_clickhouse))


def unpulled(home: Home) -> str | None:
    """Return why a run should pull, None where it would land nothing or none is set up.

    Names alone are no reason: every run that has another one asks for them, and so does the night.
    """
    order = configured_clickhouse(os.environ)
    if order is None:
        return None
    # The client of ClickHouse is imported where it is used.
    from orchestration.pulls.cvat_clickhouse.pull import behind

    try:
        is_behind = behind(home, order)
    except WarehouseError as error:
        # The run says so where it is seen.
        return str(error)
    return f"rows of {order.source} have not landed" if is_behind else None
