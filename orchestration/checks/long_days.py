"""Long days: nobody works more hours on a day than it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.checks.limits import TIME_DAYS, day_hours
from orchestration.checks.naming import person

if TYPE_CHECKING:
    import duckdb

NAME = "no_day_is_too_long"
ASSET = "core/fct_activity"
DESCRIPTION = (
    f"The counted active time of each user on each of the last {TIME_DAYS} local days is at most"
    " WAREHOUSE_DAY_HOURS (24 without)."
)


def long_days(build: duckdb.DuckDBPyConnection, zone: str) -> list[str]:
    """Return a line for each user and day above the limit, the longest first.

    Raises WarehouseError for a bad limit.
    """
    limit = day_hours()
    rows = build.execute(
        f"""
        with

        days as (

            select
                user_id,
                cast(timezone($zone, timezone('UTC', reporting_day)) as date) as day,
                string_agg(distinct method, ' and ' order by method) as methods,
                count(distinct assignment_id) as jobs,
                sum(duration_ms) / 3600000 as hours
            from core.fct_activity
            where is_counted and activity_status = 'active'
            group by all

        ),

        recent as (

            select *
            from days
            qualify day > max(day) over () - $days

        )

        select {person("recent.user_id")} as person, day, hours, methods, jobs
        from recent
        left join core.dim_users using (user_id)
        where hours > $limit
        order by hours desc, day desc, person
        """,
        {"zone": zone, "days": TIME_DAYS, "limit": limit},
    ).fetchall()
    return [
        f"{person}, {day:%Y-%m-%d}: {hours:.2f} h, {methods}, in {jobs} job{'s'[: jobs != 1]}"
        f" (limit {limit:g})"
        for person, day, hours, methods, jobs in rows
    ]
