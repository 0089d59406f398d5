"""Pictures of the reports on people's work and on what remains of it."""

from __future__ import annotations

import duckdb
import numpy as np
from matplotlib.figure import Figure

from reports import style


def annotator_performance(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Hours, net objects an hour and first-pass acceptance, by person."""
    rows = warehouse.execute("""
        select
            user_name,
            sum(active_ms) / 3600000 as hours,
            sum(net_count) / (sum(active_ms) / 3600000) as objects_per_hour,
            100 * sum(first_pass_count) / sum(judged_job_count) as first_pass
        from reports.annotator_performance
        group by user_name
        having sum(active_ms) > 20 * 3600000 and sum(judged_job_count) > 0
        order by hours
    """).df()
    figure, grid = style.axes(
        "People with more than 20 hours", columns=3, width=9.0, height=3.8, sharey=True
    )
    for drawn, column, label in zip(
        grid,
        ("hours", "objects_per_hour", "first_pass"),
        ("active hours", "net objects an hour", "accepted at the first pass, %"),
        strict=True,
    ):
        drawn.barh(rows.user_name, rows[column], color=style.BLUE)
        drawn.set_xlabel(label)
    return figure


def image_times(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Time an image, by project: the middle half, the median and 90 of 100."""
    rows = warehouse.execute("""
        select
            project_name,
            quantile_cont(active_ms, [0.1, 0.25, 0.5, 0.75, 0.9]) as shares
        from reports.image_times
        where active_ms > 0
        group by project_name
        order by median(active_ms)
    """).fetchall()
    figure, drawn = style.axes("Seconds an image, by project", height=3.2)
    boxes = [
        {"label": name, "whislo": low, "q1": q1, "med": middle, "q3": q3, "whishi": high}
        for name, (low, q1, middle, q3, high) in (
            (name, [ms / 1000 for ms in shares]) for name, shares in rows
        )
    ]
    drawn.bxp(
        boxes,
        orientation="horizontal",
        showfliers=False,
        patch_artist=True,
        boxprops={"facecolor": style.BLUE, "edgecolor": style.BLUE},
        medianprops={"color": "white", "linewidth": 2},
    )
    drawn.set_xlabel("median, middle half, and from 10 to 90 of 100 images; s")
    return figure


def label_times(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Seconds an object, by label: the median, and what 90 of 100 stay below."""
    rows = warehouse.execute("""
        select
            label_name || ' (' || project_name || ')' as label,
            object_median_ms / 1000 as median_s,
            object_p90_ms / 1000 as p90_s
        from reports.label_times
        where label is not null and object_median_ms is not null
        order by object_median_ms
    """).df()
    figure, drawn = style.axes("Seconds an object, by label", height=0.8 + 0.17 * len(rows))
    drawn.barh(rows.label, rows.p90_s, color=style.GREY, label="90 of 100 below")
    drawn.barh(rows.label, rows.median_s, color=style.BLUE, label="median")
    drawn.tick_params("y", labelsize=7)
    drawn.set_xlabel("s")
    drawn.legend(frameon=False, loc="lower right")
    return figure


def job_stages(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Hours a stay, by stage: on the wall clock, of which before anybody began, and worked."""
    rows = warehouse.execute("""
        select
            stage,
            median(wall_clock_ms) / 3600000 as wall_clock,
            median(waiting_ms) / 3600000 as waiting,
            median(working_ms) / 3600000 as working
        from reports.job_stages
        where source_system = 'cvat' and left_at is not null
        group by stage
        order by stage = 'annotation', stage = 'validation'
    """).df()
    figure, drawn = style.axes("Hours a job stays in a stage (medians)", height=2.6)
    places = np.arange(len(rows))
    for shift, column, color, label in (
        (0.26, "wall_clock", style.GREY, "wall clock"),
        (0.0, "waiting", style.ORANGE, "before it is in progress"),
        (-0.26, "working", style.BLUE, "working time"),
    ):
        bars = drawn.barh(places + shift, rows[column], height=0.25, color=color, label=label)
        drawn.bar_label(bars, fmt="%.2f", padding=3, size=8)
    drawn.set_yticks(places, rows.stage)
    drawn.set_xlabel("hours")
    drawn.legend(frameon=False, loc="lower right")
    return figure


def job_rounds(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Accepted jobs by their rounds, and hours of each kind of work a job."""
    rows = warehouse.execute("""
        select
            round_count,
            count(*) as jobs,
            avg(annotation_ms) / 3600000 as annotation,
            avg(rework_ms) / 3600000 as rework,
            avg(review_ms) / 3600000 as review
        from reports.job_rounds
        where is_accepted and source_system = 'cvat'
        group by round_count
        order by round_count
    """).df()
    figure, (left, right) = style.axes(
        "Accepted jobs by the number of rounds that they took", columns=2, width=9.0, height=2.8
    )
    names = rows.round_count.astype(str)
    left.bar_label(left.bar(names, rows.jobs, color=style.BLUE))
    left.set_ylabel("jobs")
    so_far = 0 * rows.annotation
    for column, color in (
        ("annotation", style.BLUE),
        ("rework", style.ORANGE),
        ("review", style.GREY),
    ):
        right.bar(names, rows[column], bottom=so_far, color=color, label=column)
        so_far = so_far + rows[column]
    right.set_ylabel("hours a job")
    right.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    for drawn in (left, right):
        drawn.set_xlabel("rounds")
    return figure


def _forecast(warehouse: duckdb.DuckDBPyConnection, title: str, query: str) -> Figure:
    rows = warehouse.execute(query).df()
    figure, drawn = style.axes(title, height=0.9 + 0.24 * len(rows))
    drawn.hlines(
        rows.name, rows.earliest_end, rows.latest_end, color=style.GREY, linewidth=7, label="range"
    )
    drawn.plot(rows.expected_end, rows.name, "o", color=style.BLUE, label="forecast")
    style.weeks(drawn)
    drawn.tick_params("x", rotation=30)
    drawn.legend(frameon=False, loc="upper right")
    return figure


def task_progress(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """When open tasks will be done."""
    return _forecast(
        warehouse,
        "Open tasks: the forecast of their end, with its range",
        """
            select
                task_name || ' (' || accepted_job_count || ' of ' || job_count || ')' as name,
                expected_end, earliest_end, latest_end
            from reports.task_progress
            where expected_end is not null
            order by expected_end desc, latest_end desc, name
        """,
    )


def project_progress(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """When the work that projects have will be done."""
    return _forecast(
        warehouse,
        "Projects: when the work that they have will be done",
        """
            select
                project_name || ' (' || accepted_job_count || ' of ' || job_count || ')' as name,
                expected_end, earliest_end, latest_end
            from reports.project_progress
            where expected_end is not null
            order by expected_end desc, latest_end desc, name
        """,
    )


def overlapping_time(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Hours with two tabs at work, by person."""
    rows = warehouse.execute("""
        select user_name, sum(overlap_ms) / 3600000 as hours, count(*) as days
        from reports.overlapping_time
        group by user_name
        order by hours
    """).df()
    figure, drawn = style.axes("Hours with two tabs at work at once", height=2.4)
    bars = drawn.barh(rows.user_name, rows.hours, color=style.ORANGE)
    drawn.bar_label(bars, [f"days: {days}" for days in rows.days], padding=3)
    drawn.margins(x=0.1)
    drawn.set_xlabel("hours")
    return figure


def working_time_methods(warehouse: duckdb.DuckDBPyConnection) -> Figure:
    """Derived time, and what the causes add to it up to the time that counts, week by week."""
    rows = warehouse.execute("""
        select
            date_trunc('week', day) as week,
            sum(derived_ms) / 3600000 as derived,
            sum(between_tabs_ms) / 3600000 as between_tabs,
            sum(two_tabs_ms) / 3600000 as two_tabs,
            sum(not_stored_ms) / 3600000 as not_stored,
            sum(in_gaps_ms) / 3600000 as in_gaps
        from reports.working_time_methods
        group by week
        order by week
    """).df()
    figure, drawn = style.axes("Counted time by week, and what it is made of", height=3.4)
    derived = rows.derived + rows.between_tabs.fillna(0)
    drawn.bar(rows.week, derived, width=5, color=style.BLUE, label="derived")
    so_far = derived
    for column, color, label in (
        ("two_tabs", style.PALETTE[3], "two tabs at once"),
        ("not_stored", style.ORANGE, "events that CVAT does not store"),
        ("in_gaps", style.GREY, "reported in gaps of stored rows"),
    ):
        part = rows[column].fillna(0)
        drawn.bar(rows.week, part, width=5, bottom=so_far, color=color, label=label)
        so_far = so_far + part
    drawn.set_ylabel("hours")
    style.weeks(drawn)
    drawn.tick_params("x", rotation=30)
    drawn.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


PICTURES = (
    annotator_performance,
    image_times,
    label_times,
    job_stages,
    job_rounds,
    task_progress,
    project_progress,
    overlapping_time,
    working_time_methods,
)
