"""`warehouse demo`: believable logs to try the warehouse with."""

from __future__ import annotations

import shutil
import time
from argparse import Namespace
from pathlib import Path

from orchestration.errors import UsageError, WarehouseError
from orchestration.home import Home
from orchestration.terminal import display, plural

EVENTS, DAYS, USERS, SEED = 200_000, 60, 24, 1


def run(arguments: Namespace, home: Home) -> int:
    """Write the logs and say where they lie."""
    for name in ("events", "days", "users"):
        if getattr(arguments, name) < 1:
            raise UsageError(f"--{name} must be at least 1")
    out = Path(arguments.out).expanduser().absolute() if arguments.out else home.inbox / "demo"
    in_inbox = out.is_relative_to(home.inbox)
    if in_inbox:
        check_home(home)
    write(out, arguments.events, days=arguments.days, users=arguments.users, seed=arguments.seed)
    print("Next: warehouse refresh" if in_inbox else f"Next: warehouse land {out}")
    return 0


def check_home(home: Home) -> None:
    """Raise where nothing could land in this home: better before logs are written for it."""
    from orchestration.landing import ensure_lake

    ensure_lake(home)


def write(
    out: Path, events: int = EVENTS, *, days: int = DAYS, users: int = USERS, seed: int = SEED
) -> None:
    """Write demo logs with a progress bar. The folder appears when all of them are whole."""
    from orchestration.demo import write_demo

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WarehouseError(f"{out} is not an empty folder. Name another one with --out")
    started = time.monotonic()
    # A hidden name: nobody lands the logs before they are whole.
    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        with display("Writing demo logs") as shown:
            write_demo(
                unfinished, events=events, days=days, users=users, seed=seed, report=shown.progress
            )
    except ValueError as error:  # numbers that do not fit together
        unfinished.rmdir()
        raise UsageError(str(error)) from error
    if out.exists():
        out.rmdir()
    unfinished.rename(out)
    took = time.monotonic() - started
    people, period = plural(users, "person", "people"), plural(days, "day")
    print(f"Wrote demo logs of {people} over {period} into {out} in {took:.0f} s")
