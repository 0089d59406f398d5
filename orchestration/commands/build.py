"""`warehouse build`: dbt over everything that has landed."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestration.build import NOTHING_LANDED
from orchestration.build.record import BuildRecord, read_record
from orchestration.build.variables import read_variables
from orchestration.commands.land import closing_line
from orchestration.days import days_between, event_days
from orchestration.errors import UsageError, WarehouseError
from orchestration.freshness import current_build
from orchestration.home import Home
from orchestration.intake import land_intake, waiting
from orchestration.landing import loads as landed_loads
from orchestration.lock import writing
from orchestration.publish import is_published
from orchestration.terminal import display, plural

if TYPE_CHECKING:
    from datetime import date

    from orchestration.build.failures import Failure


FINDINGS_SHOWN = 3
"""How many findings of a check stand on the terminal."""


@dataclass
class Warned:
    """What a build warned of: dbt's tests, and our own checks as (name, findings)."""

    tests: list[Failure] = field(default_factory=list)
    checks: list[tuple[str, list[str]]] = field(default_factory=list)

    def found(self, name: str, findings: list[str]) -> None:
        """Take what a check found."""
        self.checks.append((name, findings))


def run(arguments: Namespace, home: Home) -> int:
    """Build what changed, and the days that are named; 1 if a model or a test failed."""
    variables = read_variables(arguments.vars)
    if arguments.full_refresh and (arguments.rebuild_from or arguments.rebuild_to):
        raise UsageError("--full-refresh rebuilds all days: leave out --from and --to")
    days = days_between(home, arguments.rebuild_from, arguments.rebuild_to, ("--from", "--to"))
    if not landed_loads(home) and not waiting(home):
        raise WarehouseError(NOTHING_LANDED)
    with writing(home, "warehouse build"):
        if posts := land_intake(home):
            print(f"From the service: {closing_line(posts)}")
        landed = event_days(home) if days else []
        rebuilt = days.of(landed) if days else []
        if days and not rebuilt:
            reach = f"{landed[0]} to {landed[-1]}" if landed else "nothing"
            print(
                f"No event day to rebuild from {days.first} to {days.last}: the lake holds {reach}"
            )
        as_it_is = not arguments.full_refresh and not rebuilt
        record = current_build(home, variables) if as_it_is else None
        if record:
            print(f"Nothing changed since build {record.build_id}: nothing to do.")
        else:
            config = {"full_refresh": arguments.full_refresh, "variables": json.dumps(variables)}
            if rebuilt:
                config |= {"rebuild_from": f"{days.first}", "rebuild_to": f"{days.last}"}
            record = build(home, config)
        if rebuilt:
            print(f"Rebuilt {plural(len(rebuilt), 'event day')}: {_listed(rebuilt)}")
        if not is_published(home, record):
            print("Next: warehouse publish")
    return 0


def build(home: Home, config: dict[str, Any]) -> BuildRecord:
    """Run the build job with its progress on the terminal and return the new record."""
    from orchestration.reporter import Reporter
    from orchestration.run import run_job

    warned = Warned()
    with display("Building") as shown:
        reporter = Reporter(
            node_done=shown.progress, warned=warned.tests.extend, found=warned.found
        )
        run_job(home, "build", {"ops": {"models": {"config": config}}}, reporter)
    return report_build(home, warned)


def report_build(home: Home, warned: Warned) -> BuildRecord:
    """Print what a successful build did and return its record."""
    record = read_record(home)
    if record is None:
        raise WarehouseError("The build left no record of itself. Run: warehouse build")
    for failure in warned.tests:
        print("\n".join(["Warning: " + failure.lines()[0], *failure.lines()[1:]]))
    made = record.counts.get("model", 0) + record.counts.get("seed", 0)
    tests = record.counts.get("test", 0)
    print(
        f"Built {plural(made, 'model')} in {record.seconds:.0f} s,"
        f" {plural(tests, 'test')} passed (build {record.build_id})"
    )
    for name, findings in warned.checks:
        which = f" ({len(findings):,} findings)" if len(findings) > 1 else ""
        print(f"Warning: {name}{which}: {findings[0]}")
        for finding in findings[1:FINDINGS_SHOWN]:
            print(f"  {finding}")
        if len(findings) > FINDINGS_SHOWN:
            print(f"  and {len(findings) - FINDINGS_SHOWN:,} more: see the check in Dagster")
    return record


def _listed(days: list[date]) -> str:
    return f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}"
