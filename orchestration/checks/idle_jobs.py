"""Idle jobs: who works on a job leaves something behind in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.checks.limits import IDLE_MINUTES, TIME_DAYS
from orchestration.checks.naming import person

if TYPE_CHECKING:
    import duckdb

NAME = "time_on_a_job_leaves_actions"
ASSET = "core/fct_annotation_actions"
DESCRIPTION = (
    f"Each user with more than {IDLE_MINUTES} minutes of counted active time on a job in the last"
    f" {TIME_DAYS} local days has, at any time, done something in it: saved, changed or deleted an"
    " annotation, set a status, or raised or moved an issue."
)


def idle_jobs(build: duckdb.DuckDBPyConnection, zone: str) -> list[str]:
    """Return a line for each user and job with time and no action, the most time first."""
    rows = build.execute(
        f"""
        with

        last as (

            select max(reporting_day) as last_day from core.fct_activity

        ),

        times as (

            select
                source_system,
                assignment_id,
                user_id,
                sum(duration_ms) as active_ms,
                min(reporting_day) as first_day,
                max(reporting_day) as last_day
            from core.fct_activity
            where
                is_counted
                and activity_status = 'active'
                and assignment_id is not null
                and user_id is not null
                and reporting_day > (select last_day from last) - to_days($days)
            group by all

        ),

        actions as (

            select source_system, assignment_id, user_id from core.fct_annotation_actions

            union all

            select source_system, assignment_id, user_id from core.fct_item_statuses

            union all

            select source_system, assignment_id, user_id from core.fct_issue_changes

        )

        select
            times.source_system,
            times.assignment_id,
            {person("times.user_id")} as person,
            times.active_ms / 3600000 as hours,
            cast(timezone($zone, timezone('UTC', times.first_day)) as date) as first_day,
            cast(timezone($zone, timezone('UTC', times.last_day)) as date) as last_day
        from times
        anti join actions using (source_system, assignment_id, user_id)
        left join core.dim_users on times.user_id = dim_users.user_id
        where times.active_ms > $minutes * 60000
        order by hours desc, times.assignment_id, person
        """,
        {"zone": zone, "days": TIME_DAYS, "minutes": IDLE_MINUTES},
    ).fetchall()
    return [
        f"{source} job {job}, {person}: {hours:.2f} h from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        " and no action"
        for source, job, person, hours, first, last in rows
    ]
