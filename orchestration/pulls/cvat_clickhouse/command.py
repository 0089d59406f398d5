"""`warehouse pull cvat-clickhouse`: the events of CVAT's own ClickHouse enter the lake."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from orchestration.days import read_day
from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.landing import FileOutcome
from orchestration.lock import writing
from orchestration.pulls.cvat_clickhouse.pull import Pulled, pull
from orchestration.pulls.cvat_clickhouse.settings import (
    CVAT_TABLE,
    SINCE,
    TABLE,
    URL,
    Order,
    source_of,
)
from orchestration.pulls.patience import Patience
from orchestration.terminal import display, plural


def run(arguments: Namespace, home: Home) -> int:
    """Pull what is new; raises WarehouseError where the server cannot be read to the end."""
    order = _order(arguments)
    with writing(home, "warehouse pull"), display("Pulling") as shown:

        def landed(outcome: FileOutcome) -> None:
            if outcome.quarantined:
                shown.line(str(outcome))

        patience = Patience(say=lambda line: print(line, file=sys.stderr, flush=True))
        pulled = pull(home, order, patience, landed=landed, progress=shown.progress)
    print(closing_line(order, pulled))
    if pulled.slices:
        print("Next: warehouse build")
    return 0


def closing_line(order: Order, pulled: Pulled) -> str:
    """Return what a pull has done."""
    if not pulled.there:
        asked = " of the days that are asked for" if order.since or order.until else ""
        return f"Nothing to land: {order.source} has no rows{asked}"
    if not pulled.slices:
        return f"Nothing new in {order.source}: its {plural(pulled.there, 'row')} landed before"
    slices, new = plural(pulled.slices, "slice"), plural(pulled.new, "new row")
    line = f"Landed {slices} of {order.source} with {new}"
    if again := pulled.rows - pulled.new:
        line += f", {plural(again, 'row')} read again beside them"
    if pulled.quarantined:
        line += f", {pulled.quarantined:,} quarantined"
    return line


def _order(arguments: Namespace) -> Order:
    """Return what the command is told; what it is not told, the environment may say."""
    url = arguments.url or os.environ.get(URL)
    if not url:
        raise UsageError(f"--url is missing: give the address of CVAT's ClickHouse, or set {URL}")
    if arguments.overlap < 0:
        raise UsageError("--overlap must be a number of days, 0 or more")
    if arguments.slice_rows < 1:
        raise UsageError("--slice-rows must be at least 1")
    return Order(
        source_of(
            url,
            arguments.table or os.environ.get(TABLE) or CVAT_TABLE,
            ("--url" if arguments.url else URL, "--table" if arguments.table else TABLE),
        ),
        since=read_day(arguments.since or "", "--since")
        or read_day(os.environ.get(SINCE, ""), SINCE),
        until=read_day(arguments.until or "", "--until"),
        overlap_days=arguments.overlap,
        slice_rows=arguments.slice_rows,
    )
