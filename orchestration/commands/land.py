"""`warehouse land`: files enter the lake."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.home import Home
from orchestration.lock import writing
from orchestration.terminal import plural

if TYPE_CHECKING:
    from orchestration.landing import FileOutcome

NOT_LANDED = ("refused", "waiting")
"""What keeps a landing from having done all that it was asked for."""


def run(arguments: Namespace, home: Home) -> int:
    """Land the paths; 1 if any file did not land, now or before."""
    from orchestration.intake import land_intake
    from orchestration.landing import land

    paths = [Path(path).expanduser() for path in arguments.paths]
    with writing(home, "warehouse land"):
        outcomes = land_intake(home, show)
        outcomes += land(paths, home, source=arguments.source, report=show)
    print(closing_line(outcomes))
    if any(outcome.status == "landed" for outcome in outcomes):
        print("Next: warehouse build")
    return 1 if any(outcome.status in NOT_LANDED for outcome in outcomes) else 0


def show(outcome: FileOutcome) -> None:
    """Print what became of a file; on standard error where it did not land."""
    stream = sys.stderr if outcome.status in NOT_LANDED else sys.stdout
    print(outcome, file=stream, flush=True)


def closing_line(outcomes: list[FileOutcome]) -> str:
    """Return the totals of a landing."""
    landed = [outcome for outcome in outcomes if outcome.status == "landed"]
    known = sum(outcome.status == "already landed" for outcome in outcomes)
    refused = sum(outcome.status == "refused" for outcome in outcomes)
    waiting = sum(outcome.status == "waiting" for outcome in outcomes)
    parts = [
        f"Landed {plural(len(landed), 'file')} with {plural(sum(o.landed for o in landed), 'row')}"
    ]
    quarantined = sum(o.quarantined for o in landed)
    if quarantined:
        parts.append(f"{quarantined:,} of them quarantined")
    if known:
        parts.append(f"{plural(known, 'file')} had landed before")
    if waiting:
        parts.append(f"{plural(waiting, 'file')} left for the next landing")
    if refused:
        parts.append(f"{plural(refused, 'file')} refused")
    return ", ".join(parts)
