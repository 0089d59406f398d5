"""Pictures of the dashboard All events."""

from __future__ import annotations

import duckdb
from matplotlib.figure import Figure

from reports import style


def overall_activity(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Events an hour of the last week."""
    rows = warehouse.execute(f"""
        select date_trunc('hour', interval_start) as hour, sum(event_count) as events
        from reports.overall_activity
        where interval_start >= {style.since(days=7)}
        group by hour
        order by hour
    """).df()
    figure, drawn = style.axes("Events an hour", height=2.6)
    drawn.bar(rows.hour, rows.events, width=1 / 24, align="edge", color=style.BLUE)
    drawn.set_ylabel("events")
    style.days(drawn)
    return figure


def all_events(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """The newest events, with the columns that a picture has room for."""
    rows = warehouse.execute("""
        select
            strftime(event_at, '%d %b %H:%M:%S.%g'),
            source,
            scope,
            user_name,
            project_name,
            task_name,
            assignment_id,
            org_slug,
            object_name,
            duration_ms
        from reports.all_events
        order by event_at desc, event_id
        limit 12
    """).fetchall()
    names = (
        *("time (UTC)", "source", "scope", "user", "project", "task"),
        *("job", "organization", "object", "ms"),
    )
    widths = (0.15, 0.06, 0.13, 0.1, 0.12, 0.17, 0.05, 0.09, 0.08, 0.06)
    return style.table("The newest events", names, rows, widths)


def browsers(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Users by browser and version."""
    return _users_of(
        warehouse, "browsers", "browser_name || ' ' || browser_version", "Users by browser"
    )


def operating_systems(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Users by operating system."""
    return _users_of(
        warehouse, "operating_systems", "operating_system", "Users by operating system"
    )


def _users_of(warehouse: duckdb.DuckDBPyConnection, relation: str, name: str, title: str) -> Figure:
    rows = warehouse.execute(f"""
        select coalesce({name}, 'not told') as name, count(distinct user_id) as users
        from reports.{relation}
        group by name
        order by users, name desc
    """).df()
    figure, drawn = style.axes(title, width=6.0, height=0.7 + 0.3 * len(rows))
    drawn.bar_label(drawn.barh(rows.name, rows.users, color=style.BLUE), padding=3)
    drawn.set_xlabel("people")
    drawn.xaxis.get_major_locator().set_params(integer=True)
    return figure


PICTURES = (overall_activity, all_events, browsers, operating_systems)
