"""The dbt assets: one build of the whole project, its tests as asset checks."""

# No postponed annotations here: Dagster reads the annotations themselves.
import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.assets.resource import Dbt
from orchestration.build import NOTHING_LANDED
from orchestration.build.dbt import end, target
from orchestration.build.failures import failure_text, read_failures, skipped_count
from orchestration.build.fingerprint import build_fingerprint
from orchestration.build.record import BuildRecord, read_record, remove_record, write_record
from orchestration.build.tally import Tally
from orchestration.build.through import data_through
from orchestration.checks.translation import DescribingTranslator
from orchestration.errors import WarehouseError
from orchestration.home import PROJECT, Home
from orchestration.landing import ensure_lake
from orchestration.landing import loads as landed_loads
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.reporter import Reporter
from orchestration.retries import FIRST_WAIT_S, PassingError, passes, wait_s


class BuildConfig(dg.Config):
    """How to build."""

    full_refresh: bool = False
    """Rebuild incremental models from the whole lake."""
    variables: str = "{}"
    """dbt variables that differ from dbt_project.yml, as a JSON object."""
    retries: int = 0
    """How often to try again after a failure that passes, such as an open build file. Who started
    the run by hand rather reads the reason at once."""
    first_wait_s: float = FIRST_WAIT_S
    """How long to wait before the first retry, in seconds; each later wait is twice as long."""


def define_models(manifest: Path) -> dg.AssetsDefinition:
    """Return the assets of the parsed dbt project."""

    @dbt_assets(manifest=manifest, dagster_dbt_translator=DescribingTranslator(), name="models")
    def models(
        context: dg.AssetExecutionContext,
        config: BuildConfig,
        dbt: Dbt,
        home: dg.ResourceParam[Home],
        reporter: dg.ResourceParam[Reporter],
    ) -> Iterator[Any]:
        """Build and test. The record vanishes as this starts and returns when all succeeded."""
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            before = read_record(home)
            after = _record(home, json.loads(config.variables))
            remove_record(home)
            tally = Tally()
            try:
                yield from _build(context, config, dbt, home, reporter, tally)
            except PassingError as error:
                if before and not tally.total:
                    # dbt did not come as far as to change anything.
                    write_record(home, before)
                if context.retry_number >= config.retries:
                    raise
                seconds = wait_s(context.retry_number, config.first_wait_s)
                context.log.warning(f"Trying again in {seconds:g} s: {error}")
                raise dg.RetryRequested(config.retries, seconds) from error
            record = _finished(after, tally)
            if not context.is_subset:
                write_record(home, record)
            elif before and before.fingerprint == record.fingerprint:
                # A part was built again from the same inputs: the file is as whole as before.
                write_record(home, before)

    return models


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


def _finished(record: BuildRecord, tally: Tally) -> BuildRecord:
    return replace(record, finished_at=datetime.now(UTC).isoformat(), counts=dict(tally.counts))


def _build(
    context: dg.AssetExecutionContext,
    config: BuildConfig,
    dbt: Dbt,
    home: Home,
    reporter: Reporter,
    tally: Tally,
) -> Iterator[Any]:
    """Run dbt and yield what it did as Dagster events; raise WarehouseError where it failed."""
    ensure_lake(home)
    home.scratch.mkdir(exist_ok=True)
    (target(home) / "run_results.json").unlink(missing_ok=True)
    arguments = ["build"]
    if config.full_refresh:
        arguments.append("--full-refresh")
    if config.variables != "{}":
        arguments += ["--vars", config.variables]
    invocation = dbt.cli(arguments, context=context, target_path=target(home), raise_on_error=False)
    try:
        for event in invocation.stream_raw_events():
            name = tally.observe(event.raw_event)
            reporter.node_done(tally.done, tally.total, name)
            yield from event.to_default_asset_events(
                manifest=invocation.manifest,
                dagster_dbt_translator=invocation.dagster_dbt_translator,
                context=context,
                target_path=invocation.target_path,
            )
    finally:
        end(invocation.process)
    failures = read_failures(target(home), PROJECT)
    if invocation.process.returncode:
        said = failure_text(failures, skipped_count(target(home)), tally.errors)
        raise PassingError(said) if passes(failures, tally.errors) else WarehouseError(said)
    for failure in failures:
        context.log.warning("\n".join(failure.lines()))
    reporter.warned(failures)
