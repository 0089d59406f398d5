"""`warehouse pull cvat-api`: names and states, from CVAT's API."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from orchestration.home import Home
from orchestration.lock import writing
from orchestration.pulls.cvat_api.pull import pull
from orchestration.pulls.cvat_api.settings import ORGANIZATION, URL, source_of
from orchestration.pulls.patience import Patience
from orchestration.terminal import plural


def run(arguments: Namespace, home: Home) -> int:
    """Pull once; raises WarehouseError where CVAT cannot be read as a whole."""
    source = source_of(
        arguments.url or os.environ.get(URL, ""),
        arguments.organization or os.environ.get(ORGANIZATION),
        "--url" if arguments.url else f"--url (or {URL})",
    )
    with writing(home, "warehouse pull"):
        pulled = pull(
            home, source, os.environ, Patience(_complain), moved=arguments.moved, progress=_show
        )
    if not pulled.has_landed:
        print(f"Nothing changed since the last pull of {source}: nothing landed.")
        return 0
    print(f"Landed from {source}: {pulled.changed:,} new or changed, {pulled.gone:,} gone")
    print("Next: warehouse build")
    return 0


def _show(resource: str, count: int) -> None:
    print(f"  {plural(count, resource)}", flush=True)


def _complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
