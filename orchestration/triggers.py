"""What starts a refresh by itself: two schedules and a sensor, all off until turned on."""

import dagster as dg

from orchestration.freshness import what_is_new
from orchestration.home import Home
from orchestration.inbox import SETTLED_AFTER_S, logs, state
from orchestration.landing import loads as landed_loads
from orchestration.retries import RETRIES
from orchestration.zone import reporting_timezone

REFRESH = "refresh"
"""The job that all of them start."""


def run_config(*, full_refresh: bool = False) -> dict[str, object]:
    """Return how a run is configured that nobody sits before: it tries again by itself."""
    config = {"retries": RETRIES, "full_refresh": full_refresh}
    return {"ops": {"models": {"config": config}}}


def define_schedules(home: Home) -> list[dg.ScheduleDefinition]:
    """Return the schedules: every 15 minutes, if anything is new; and all of it every night."""

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
            "Lands, builds everything anew from the lake and publishes, every night at 03:00 of"
            " the reporting time zone, whether or not anything is new."
        ),
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if not landed_loads(home) and not logs(home):
            return dg.SkipReason(f"Nothing has landed, and no log lies in {home.inbox}.")
        return dg.RunRequest(run_config=run_config(full_refresh=True))

    return [every_15_minutes, nightly]


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
        return dg.RunRequest(run_key=key, run_config=run_config())

    return new_logs
