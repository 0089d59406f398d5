"""What starts a refresh by itself: a schedule and a sensor, both off until turned on."""

import dagster as dg

from orchestration.freshness import what_is_new
from orchestration.home import Home
from orchestration.inbox import SETTLED_AFTER_S, logs, state

REFRESH = "refresh"
"""The job that both start."""


def define_schedule(home: Home) -> dg.ScheduleDefinition:
    """Return the schedule: every 15 minutes, if anything is new."""

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
        return dg.RunRequest()

    return every_15_minutes


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
        return dg.RunRequest(run_key=key)

    return new_logs
