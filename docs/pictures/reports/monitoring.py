"""Pictures of the dashboard Monitoring."""

from __future__ import annotations

import duckdb
from matplotlib.figure import Figure

from reports import style


def active_users_now(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """The number of people, as the panel shows it."""
    as_of, users = warehouse.execute("""
        select max(as_of), count(distinct user_id)
        from reports.active_users_now
    """).fetchone()
    figure, drawn = style.axes("Active users now", width=3.2, height=1.8)
    drawn.axis("off")
    drawn.text(0.5, 0.55, f"{users}", size=44, color=style.BLUE, ha="center", va="center")
    drawn.text(0.5, 0.02, f"15 minutes up to {as_of:%d %b %H:%M} UTC", size=8, ha="center")
    return figure


def active_users_by_quarter_hour(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Users by quarter hour of three days."""
    rows = warehouse.execute(f"""
        select interval_start, count(distinct user_id) as users
        from reports.active_users_by_quarter_hour
        where interval_start >= {style.since(days=3)}
        group by interval_start
        order by interval_start
    """).df()
    figure, drawn = style.axes("Active users by quarter hour", height=2.6)
    drawn.fill_between(rows.interval_start, rows.users, step="post", color=style.BLUE)
    drawn.set_ylabel("people")
    drawn.set_ylim(bottom=0)
    drawn.yaxis.get_major_locator().set_params(integer=True)
    style.days(drawn)
    return figure


def duration_of_events(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Shortest, average and longest of each scope and source."""
    rows = warehouse.execute("""
        select
            scope || coalesce(' (' || source || ')', '') as name,
            sum(duration_ms) / sum(event_count) / 1000 as average,
            min(duration_ms_min) / 1000 as shortest,
            max(duration_ms_max) / 1000 as longest
        from reports.duration_of_events
        where source_system = 'cvat'
        group by scope, source
        order by average, name
    """).df()
    figure, drawn = style.axes("Duration of events", height=0.9 + 0.22 * len(rows))
    drawn.hlines(rows.name, rows.shortest, rows.longest, color=style.GREY, linewidth=4)
    drawn.plot(rows.average, rows.name, "o", color=style.BLUE, label="average")
    drawn.set_xscale("log")
    drawn.set_xlabel("seconds, from the shortest to the longest (logarithmic)")
    drawn.xaxis.set_major_formatter("{x:g}")
    drawn.legend(frameon=False, loc="lower right")
    return figure


def number_of_events(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Rows and what they stand for, of the most frequent scopes."""
    rows = warehouse.execute("""
        select
            scope || coalesce(' (' || source || ')', '') as name,
            cast(sum(event_count) as bigint) as events,
            cast(sum(occurrence_count) as bigint) as occurrences
        from reports.number_of_events
        where source_system = 'cvat'
        group by scope, source
        order by events desc, name
        limit 15
    """).df()[::-1]
    figure, drawn = style.axes("Number of events, the 15 most frequent", height=4.2)
    places = range(len(rows))
    drawn.barh([y + 0.2 for y in places], rows.events, 0.4, color=style.BLUE, label="rows")
    drawn.barh(
        [y - 0.2 for y in places],
        rows.occurrences,
        0.4,
        color=style.ORANGE,
        label="what they stand for",
    )
    drawn.set_yticks(places, rows.name)
    drawn.xaxis.set_major_formatter("{x:,.0f}")
    drawn.legend(frameon=False, loc="lower right")
    return figure


def exceptions_by_minute(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Exceptions a day of four weeks."""
    rows = warehouse.execute(f"""
        select date_trunc('day', interval_start) as day, sum(event_count) as exceptions
        from reports.exceptions_by_minute
        where interval_start >= {style.since(days=28)}
        group by day
        order by day
    """).df()
    figure, drawn = style.axes("Exceptions a day", height=2.4)
    drawn.bar(rows.day, rows.exceptions, width=0.8, color=style.PALETTE[3])
    drawn.set_ylabel("exceptions")
    drawn.yaxis.get_major_locator().set_params(integer=True)
    style.weeks(drawn)
    return figure


def exceptions(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """The newest exceptions."""
    rows = warehouse.execute("""
        select
            strftime(event_at, '%d %b %H:%M:%S'),
            user_name,
            project_name,
            task_name,
            assignment_id,
            exception_message,
            regexp_extract(stack, '\\(([^()]*)\\)$', 1)
        from reports.exceptions
        order by event_at desc, event_id
        limit 8
    """).fetchall()
    names = ("time (UTC)", "user", "project", "task", "job", "message", "place in the stack")
    widths = (0.11, 0.09, 0.12, 0.17, 0.04, 0.31, 0.16)
    return style.table("The newest exceptions", names, rows, widths)


PICTURES = (
    active_users_now,
    active_users_by_quarter_hour,
    duration_of_events,
    number_of_events,
    exceptions_by_minute,
    exceptions,
)
