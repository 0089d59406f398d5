"""`warehouse build`: dbt over everything that has landed."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from orchestration.build import NOTHING_LANDED
from orchestration.build.record import BuildRecord, read_record
from orchestration.build.variables import read_variables
from orchestration.errors import WarehouseError
from orchestration.freshness import current_build
from orchestration.home import Home
from orchestration.landing import loads as landed_loads
from orchestration.lock import writing
from orchestration.publish import is_published
from orchestration.terminal import display, plural

if TYPE_CHECKING:
    from orchestration.build.failures import Failure


def run(arguments: Namespace, home: Home) -> int:
    """Build what changed; 1 if a model or a test failed."""
    variables = read_variables(arguments.vars)
    if not landed_loads(home):
        raise WarehouseError(NOTHING_LANDED)
    with writing(home, "warehouse build"):
        record = None if arguments.full_refresh else current_build(home, variables)
        if record:
            print(f"Nothing changed since build {record.build_id}: nothing to do.")
        else:
            record = build(home, variables, full_refresh=arguments.full_refresh)
        if not is_published(home, record):
            print("Next: warehouse publish")
    return 0


def build(home: Home, variables: dict[str, Any], *, full_refresh: bool) -> BuildRecord:
    """Run the build job with its progress on the terminal and return the new record."""
    from orchestration.reporter import Reporter
    from orchestration.run import run_job

    config = {"full_refresh": full_refresh, "variables": json.dumps(variables)}
    warned: list[Failure] = []
    with display("Building") as shown:
        reporter = Reporter(node_done=shown.progress, warned=warned.extend)
        run_job(home, "build", {"ops": {"models": {"config": config}}}, reporter)
    return report_build(home, warned)


def report_build(home: Home, warned: list[Failure]) -> BuildRecord:
    """Print what a successful build did and return its record."""
    record = read_record(home)
    if record is None:
        raise WarehouseError("The build left no record of itself. Run: warehouse build")
    for failure in warned:
        print("\n".join(["Warning: " + failure.lines()[0], *failure.lines()[1:]]))
    made = record.counts.get("model", 0) + record.counts.get("seed", 0)
    tests = record.counts.get("test", 0) + record.counts.get("unit_test", 0)
    print(
        f"Built {plural(made, 'model')} in {record.seconds:.0f} s,"
        f" {plural(tests, 'test')} passed (build {record.build_id})"
    )
    return record
