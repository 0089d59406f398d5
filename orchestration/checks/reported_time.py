"""Reported against derived time: CVAT's own account of a day and what its events show agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.checks.limits import TIME_DAYS, TIME_MINUTES, TIME_SHARE
from orchestration.checks.naming import person

if TYPE_CHECKING:
    import duckdb

NAME = "reported_and_derived_time_agree"
ASSET = "core/fct_activity"
DESCRIPTION = (
    f"Of each user of CVAT and local day of the last {TIME_DAYS} that both methods account for:"
    f" active time as reported and as derived are at most {TIME_SHARE:.0%} of the larger or"
    f" {TIME_MINUTES} minutes apart."
)


def disagreements(build: duckdb.DuckDBPyConnection, zone: str) -> list[str]:
    """Return a line for each user and day whose two accounts differ, the widest apart first."""
    rows = build.execute(
        f"""
        with

        accounts as (

            select
                user_id,
                cast(timezone($zone, timezone('UTC', reporting_day)) as date) as day,
                coalesce(
                    sum(duration_ms) filter (
                        where method = 'reported' and activity_status = 'active'
                    ),
                    0
                ) as reported_ms,
                coalesce(
                    sum(duration_ms) filter (
                        where method = 'derived' and activity_status = 'active'
                    ),
                    0
                ) as derived_ms,
                count(*) filter (where method = 'reported') as reported_stretches,
                count(*) filter (where method = 'derived') as derived_stretches
            from core.fct_activity
            where source_system = 'cvat'
            group by all

        ),

        apart as (

            select
                *,
                abs(reported_ms - derived_ms) as apart_ms,
                max(day) over () as last_day
            from accounts

        )

        select
            {person("apart.user_id")} as person,
            apart.day,
            apart.reported_ms / 3600000 as reported_hours,
            apart.derived_ms / 3600000 as derived_hours
        from apart
        left join core.dim_users using (user_id)
        where
            apart.reported_stretches > 0
            and apart.derived_stretches > 0
            and apart.day > apart.last_day - $days
            and apart.apart_ms > $minutes * 60000
            and apart.apart_ms > $share * greatest(apart.reported_ms, apart.derived_ms)
        order by apart.apart_ms desc, apart.day desc, person
        """,
        {"zone": zone, "days": TIME_DAYS, "minutes": TIME_MINUTES, "share": TIME_SHARE},
    ).fetchall()
    return [
        f"{person}, {day:%Y-%m-%d}: {reported:.2f} h reported, {derived:.2f} h derived"
        for person, day, reported, derived in rows
    ]
