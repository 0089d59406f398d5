"""Pictures of the dashboard Management."""

from __future__ import annotations

import duckdb
from matplotlib.figure import Figure

from reports import style

PEOPLE = 6
"""As many as the picture has room for."""


def user_activity(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Events a day of those who did most in the last four weeks."""
    rows = warehouse.execute(f"""
        select
            user_name,
            date_trunc('day', interval_start) as day,
            cast(sum(event_count) as bigint) as events,
            sum(sum(event_count)) over (partition by user_name) as all_events
        from reports.user_activity
        where user_id is not null and interval_start >= {style.since(days=28)}
        group by user_name, day
        order by all_events desc, user_name, day
    """).df()
    by_day = rows.pivot(index="day", columns="user_name", values="events")
    by_day = by_day.asfreq("D").fillna(0)
    names = list(rows.user_name.unique()[:PEOPLE])
    figure, grid = style.axes(
        "Events a day of those who did most",
        rows=2,
        columns=3,
        width=9.0,
        height=3.6,
        sharex=True,
        sharey=True,
    )
    for name, drawn in zip(names, grid.flat, strict=False):
        drawn.plot(by_day.index, by_day[name], color=style.BLUE, linewidth=1.5)
        drawn.set_title(name, loc="left", size=9)
        style.weeks(drawn)
        drawn.tick_params("x", rotation=30)
    grid.flat[0].set_ylim(bottom=0)
    figure.supylabel("events")
    return figure


def working_time(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Hours of the last week, by user and project."""
    rows = warehouse.execute(f"""
        select
            user_name,
            coalesce(project_name, 'no project') as project_name,
            sum(active_ms) / 3600000 as hours
        from reports.working_time
        where interval_start >= {style.since(days=7)}
        group by user_name, project_name
    """).df()
    by_user = rows.pivot_table(index="user_name", columns="project_name", values="hours")
    by_user = by_user.fillna(0)
    by_user = by_user.loc[by_user.sum(axis=1).sort_values().index]
    figure, drawn = style.axes(
        f"Working time of the last week, by project: {rows.hours.sum():.1f} hours",
        width=9.0,
        height=0.9 + 0.28 * len(by_user),
    )
    so_far = by_user.iloc[:, 0] * 0
    for color, project in zip(style.PALETTE, by_user.columns, strict=False):
        drawn.barh(by_user.index, by_user[project], left=so_far, color=color, label=project)
        so_far = so_far + by_user[project]
    drawn.bar_label(drawn.containers[-1], [f"{hours:.1f}" for hours in so_far], padding=3)
    drawn.set_xlabel("hours")
    drawn.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


PICTURES = (user_activity, working_time)
