"""One build: dbt over the lake, between the record that vanishes and the one that returns."""

# No postponed annotations here: Dagster reads the annotations themselves.
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import duckdb

from orchestration.assets.resource import Dbt
from orchestration.build import NOTHING_LANDED
from orchestration.build.dbt import end, environment, target
from orchestration.build.failures import failure_text, read_failures, skipped_count
from orchestration.build.fingerprint import build_fingerprint
from orchestration.build.record import BuildRecord, read_record, remove_record, write_record
from orchestration.build.tally import Tally
from orchestration.build.through import data_through
from orchestration.checks.full_rebuild import is_noted, note_after, note_before
from orchestration.days import REBUILD_DAYS, Days
from orchestration.errors import WarehouseError
from orchestration.freshness import current_build
from orchestration.home import PROJECT, Home
from orchestration.landing import ensure_lake
from orchestration.landing import loads as landed_loads
from orchestration.reporter import Reporter
from orchestration.retries import FIRST_WAIT_S, PassingError, passes, wait_s


class AttemptConfig(dg.Config):
    """How to build, whatever is built."""

    variables: str = "{}"
    """dbt variables that differ from dbt_project.yml, as a JSON object."""
    retries: int = 0
    """How often to try again after a failure that passes, such as an open build file. Who started
    the run by hand rather reads the reason at once."""
    first_wait_s: float = FIRST_WAIT_S
    """How long to wait before the first retry, in seconds; each later wait is twice as long."""


@dataclass(frozen=True)
class Order:
    """What a build is to do besides what is new."""

    days: Days | None = None
    """Days to rebuild."""
    full_refresh: bool = False
    """Rebuild everything from the lake."""
    compare: bool = False
    """Note what a full rebuild changed, for the check that compares."""


NO_TESTS = ("--exclude", "resource_type:test")


@dataclass(frozen=True)
class Step:
    """The step of a run that builds, and what it has at hand."""

    context: dg.AssetExecutionContext
    config: AttemptConfig
    dbt: Dbt
    home: Home
    reporter: Reporter


def build(step: Step, order: Order, selected: Mapping[str, Any]) -> Iterator[Any]:
    """Build and test, and yield what happened as Dagster events; then the record returns.

    `selected` is what dagster-dbt needs to know what is built: the context of a step over the
    models, the manifest otherwise. The caller holds the write lock. Raises WarehouseError where
    the build failed, and asks for a retry where the reason may pass.
    """
    context, config, home = step.context, step.config, step.home
    before = read_record(home)
    after = _record(home, json.loads(config.variables))
    is_current = current_build(home, after.variables) is not None
    remove_record(home)
    prepared, tally = Tally(), Tally()
    try:
        if order.compare:
            _note_before(step, is_current, prepared)
        yield from _dbt(step, order, tally, selected)
        if order.compare:
            _note(note_after, step)
    except PassingError as error:
        if before and not prepared.total and not tally.total:
            # dbt did not come as far as to change anything.
            write_record(home, before)
        if context.retry_number >= config.retries:
            raise
        seconds = wait_s(context.retry_number, config.first_wait_s)
        context.log.warning(f"Trying again in {seconds:g} s: {error}")
        raise dg.RetryRequested(config.retries, seconds) from error
    record = replace(after, finished_at=datetime.now(UTC).isoformat(), counts=dict(tally.counts))
    if not context.is_subset:
        write_record(home, record)
    elif before and before.fingerprint == record.fingerprint:
        # A part was built again from the same inputs: the file is as whole as before.
        write_record(home, before)


def _record(home: Home, variables: dict[str, Any]) -> BuildRecord:
    """Return the record of a build that starts now."""
    loads = landed_loads(home)
    if not loads:
        raise WarehouseError(NOTHING_LANDED)
    now = datetime.now(UTC)
    return BuildRecord(
        build_id=f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{secrets.token_hex(3)}",
        fingerprint=build_fingerprint(PROJECT, loads, variables),
        started_at=now.isoformat(),
        finished_at="",
        loads=loads,
        variables=variables,
        data_through=data_through(home),
    )


def _note_before(step: Step, is_current: bool, tally: Tally) -> None:
    """Note the state before a full rebuild: of the loads that it will read, and of no fewer."""
    if is_noted(step.home, step.context.run.run_id):
        # An earlier attempt may have rebuilt a part of it.
        return
    if not is_current and step.home.build_file.exists():
        for _ in _dbt(step, Order(), tally, {}, *NO_TESTS):
            pass
    _note(note_before, step)


def _note(noting: Callable[[Home, str], None], step: Step) -> None:
    """Read the build file for the comparison; raise where another program has it open."""
    try:
        noting(step.home, step.context.run.run_id)
    except duckdb.Error as error:
        said = f"{step.home.build_file} cannot be read: {str(error).splitlines()[0]}"
        raise PassingError(said) if passes([], [said]) else WarehouseError(said) from error


def _dbt(
    step: Step, order: Order, tally: Tally, selected: Mapping[str, Any], *selection: str
) -> Iterator[Any]:
    """Run dbt and yield what it did as Dagster events; raise WarehouseError where it failed.

    Without anything `selected` there are no events.
    """
    home = step.home
    ensure_lake(home)
    home.scratch.mkdir(exist_ok=True)
    (target(home) / "run_results.json").unlink(missing_ok=True)
    arguments = ["build", *selection]
    if order.full_refresh:
        arguments.append("--full-refresh")
    if step.config.variables != "{}":
        arguments += ["--vars", step.config.variables]
    asked = {REBUILD_DAYS: f"{order.days}"} if order.days else {}
    with environ({**environment(home), **asked}):
        # dagster-dbt takes dbt's environment from its own.
        invocation = step.dbt.cli(
            arguments, target_path=target(home), raise_on_error=False, **selected
        )
    try:
        for event in invocation.stream_raw_events():
            name = tally.observe(event.raw_event)
            step.reporter.node_done(tally.done, tally.total, name)
            if selected:
                yield from event.to_default_asset_events(
                    manifest=invocation.manifest,
                    dagster_dbt_translator=invocation.dagster_dbt_translator,
                    context=selected.get("context"),
                    target_path=invocation.target_path,
                )
    finally:
        end(invocation.process)
    failures = read_failures(target(home), PROJECT)
    if invocation.process.returncode:
        said = failure_text(failures, skipped_count(target(home)), tally.errors)
        raise PassingError(said) if passes(failures, tally.errors) else WarehouseError(said)
    for failure in failures:
        step.context.log.warning("\n".join(failure.lines()))
    step.reporter.warned(failures)


@contextmanager
def environ(wanted: Mapping[str, str]) -> Iterator[None]:
    """Let what starts within the block find these variables in its environment."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
