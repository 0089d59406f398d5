"""What starts a refresh by itself: three schedules and a sensor, all off until turned on."""

import os
from typing import Any

import dagster as dg

from orchestration.errors import WarehouseError
from orchestration.freshness import what_is_new
from orchestration.home import Home
from orchestration.inbox import SETTLED_AFTER_S, logs, state
from orchestration.intake import waiting
from orchestration.landing import loads as landed_loads
from orchestration.pulls import are_set_up
from orchestration.retries import RETRIES
from orchestration.zone import reporting_timezone

REFRESH = "refresh"
"""The job that lands, builds and publishes."""

FULL_REBUILD = "full_rebuild"
"""The same, from the whole lake, and compared."""

COMPARED = {"full_refresh": True, "compare": True}
"""How `models` is configured in it."""

NIGHTLY_DAYS = 7
"""How many of the last event days the night rebuilds where WAREHOUSE_NIGHTLY_DAYS says nothing."""


def run_config(**build: Any) -> dict[str, Any]:
    """Return how a run is configured that nobody sits before: it tries again by itself."""
    return {"ops": {"models": {"config": {"retries": RETRIES, **build}}}}


def nightly_days() -> int:
    """Return how many event days the night rebuilds; raises WarehouseError for no such number."""
    said = os.environ.get("WAREHOUSE_NIGHTLY_DAYS") or str(NIGHTLY_DAYS)
    if not said.isdecimal() or int(said) < 1:
        raise WarehouseError(
            f"WAREHOUSE_NIGHTLY_DAYS is {said!r}; it must be a number of days, such as 7"
        )
    return int(said)


def define_schedules(home: Home) -> list[dg.ScheduleDefinition]:
    """Return the schedules: every 15 minutes what is new, nightly more, and weekly all of it."""

    @dg.schedule(
        name="every_15_minutes",
        job_name=REFRESH,
        cron_schedule="*/15 * * * *",
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description="Refreshes the warehouse every 15 minutes, if anything is new.",
    )
    def every_15_minutes(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if what_is_new(home) is None:
            return dg.SkipReason("Nothing new has landed, and what is built is published.")
        return dg.RunRequest(run_config=run_config())

    @dg.schedule(
        name="nightly",
        job_name=REFRESH,
        cron_schedule="0 3 * * *",
        execution_timezone=reporting_timezone(),
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description=(
            "Lands, rebuilds the last event days (WAREHOUSE_NIGHTLY_DAYS,"
            f" {NIGHTLY_DAYS} without) beside what is new, and publishes, every night at 03:00 of"
            " the reporting time zone."
        ),
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if reason := _nothing_at_all(home):
            return dg.SkipReason(reason)
        return dg.RunRequest(run_config=run_config(rebuild_last_days=nightly_days()))

    @dg.schedule(
        name="weekly",
        job_name=FULL_REBUILD,
        cron_schedule="0 5 * * 0",
        execution_timezone=reporting_timezone(),
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description=(
            "Rebuilds everything from the lake and compares it with what the builds of the week"
            " had come to, every Sunday at 05:00 of the reporting time zone."
        ),
    )
    def weekly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if reason := _nothing_at_all(home):
            return dg.SkipReason(reason)
        return dg.RunRequest(run_config=run_config(**COMPARED))

    return [every_15_minutes, nightly, weekly]


def _nothing_at_all(home: Home) -> str | None:
    if landed_loads(home) or logs(home) or waiting(home) or are_set_up():
        return None
    return f"Nothing has landed, and no log lies in {home.inbox}."


def define_sensor(home: Home) -> dg.SensorDefinition:
    """Return the sensor: a refresh for each change of the inbox that has come to rest."""

    @dg.sensor(
        name="new_logs",
        job_name=REFRESH,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Refreshes the warehouse when the files of the inbox have changed.",
    )
    def new_logs(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        files = logs(home, settled_after_s=SETTLED_AFTER_S)
        if not files:
            return dg.SkipReason(f"No log lies in {home.inbox}.")
        key = state(files)
        if key == context.cursor:
            return dg.SkipReason(f"Nothing new in {home.inbox}.")
        context.update_cursor(key)
        if what_is_new(home, settled_after_s=SETTLED_AFTER_S) is None:
            return dg.SkipReason(f"All of {home.inbox} has landed, is built and published.")
        return dg.RunRequest(run_key=key, run_config=run_config())

    return new_logs
