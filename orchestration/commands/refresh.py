"""`warehouse refresh`: land the inbox, build, publish, as one Dagster run."""

from __future__ import annotations

import time
from argparse import Namespace
from typing import TYPE_CHECKING

from orchestration.commands.build import Warned, report_build
from orchestration.commands.demo import check_home, write
from orchestration.commands.land import closing_line
from orchestration.commands.publish import published_lines
from orchestration.errors import WarehouseError
from orchestration.freshness import what_is_new
from orchestration.home import Home
from orchestration.inbox import logs
from orchestration.intake import waiting
from orchestration.landing import loads as landed_loads
from orchestration.lock import writing
from orchestration.publish import read_publication
from orchestration.pulls import are_set_up
from orchestration.terminal import display

if TYPE_CHECKING:
    from orchestration.landing import FileOutcome


def run(arguments: Namespace, home: Home) -> int:
    """Refresh what readers see; 1 if something did not land or the build failed."""
    with writing(home, "warehouse refresh"):
        if not (landed_loads(home) or logs(home) or waiting(home) or are_set_up()):
            check_home(home)
            print(f"Nothing has landed and {home.inbox} is empty: writing demo logs to start with.")
            write(home.inbox / "demo")
        if what_is_new(home) is None:
            print("\n".join(_nothing_new(home)))
            return 0
        return refresh(home)


def refresh(home: Home) -> int:
    """Run the refresh job with its progress on the terminal; 1 if something did not land."""
    from orchestration.reporter import Reporter
    from orchestration.run import run_job

    started = time.monotonic()
    outcomes: list[FileOutcome] = []
    unread: list[str] = []
    warned = Warned()
    # Who asks by hand wants what lies there now, also what was written this second.
    config = {"ops": {"landing": {"config": {"settled_after_s": 0.0}}}}
    with display("Refreshing") as shown:

        def file_done(outcome: FileOutcome) -> None:
            outcomes.append(outcome)
            if outcome.status != "already landed":
                shown.line(str(outcome))

        def pull_failed(why: str) -> None:
            unread.append(why)
            shown.line(why)

        run_job(
            home,
            "refresh",
            config,
            Reporter(
                file_done=file_done,
                pull_failed=pull_failed,
                node_done=shown.progress,
                warned=warned.tests.extend,
                found=warned.found,
            ),
        )
    if outcomes:
        print(closing_line(outcomes))
    report_build(home, warned)
    state = read_publication(home)
    if state is None:
        raise WarehouseError("Nothing was published. Run: warehouse publish")
    print("\n".join(published_lines(home, state)))
    print(f"Done in {time.monotonic() - started:.0f} s. What there is: warehouse status")
    refused = any(outcome.status == "refused" for outcome in outcomes)
    return 1 if refused or unread else 0


def _nothing_new(home: Home) -> list[str]:
    """Return what to say where a refresh would change nothing."""
    state = read_publication(home)
    if state is None:
        raise WarehouseError("Nothing is published. Run: warehouse publish")
    taken_back = state.rolled_back_from
    if taken_back is None:
        return [f"Nothing new since build {state.build_id}, which is published."]
    return [
        f"Nothing new since build {taken_back}, which was rolled back: readers see build"
        f" {state.build_id}.",
        f"Go back to it: warehouse publish --rollback {taken_back}",
        "Go on: the next new build ends the rollback (warehouse refresh with new logs, or"
        " warehouse build --full-refresh and warehouse publish)",
    ]
