"""Draw the pictures of the pages from the published marts: `make pictures` after `make warehouse`.

The README's plot, and each report's picture in `reports/`, beside the module that draws it.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import duckdb
import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as dates
import matplotlib.pyplot as plt
from PIL import Image
from reports import GROUPS

from orchestration.home import Home

FOLDER = Path(__file__).parent
PICTURE = FOLDER / "working_time.png"
COLORS = 64
"""As many as a report's picture needs; the file is a third of one in all colours."""

HOURS = """
    select
        period_start,
        sum(duration_ms) filter (where activity_status = 'active') / 3600000 as active_hours,
        coalesce(sum(duration_ms) filter (where activity_status = 'idle'), 0) / 3600000
            as idle_hours
    from measures_day.user_stats_activity_time
    group by period_start
    order by period_start
"""

SPEED = """
    with

    time as (

        select user_id, sum(active_ms) / 3600000 as hours
        from measures_month.assignment_stats_active_time
        group by user_id

    ),

    objects as (

        select user_id, sum(created_count - deleted_count) as net_objects
        from measures_month.labeling_counters
        group by user_id

    )

    select
        coalesce(user_name, user_id) as person,
        hours,
        net_objects / hours as objects_per_hour
    from time
    inner join objects using (user_id)
    inner join core.dim_users using (user_id)
    where hours > 10 and net_objects > 0
    order by objects_per_hour
"""


def draw(warehouse: duckdb.DuckDBPyConnection) -> plt.Figure:
    """Return hours a day, active and idle, beside net objects an hour of each person."""
    hours = warehouse.execute(HOURS).df()
    speed = warehouse.execute(SPEED).df()
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 4.2), width_ratios=(3, 2), layout="constrained"
    )
    left.bar(hours.period_start, hours.active_hours, width=0.8, color="#2a6f97", label="active")
    left.bar(
        hours.period_start,
        hours.idle_hours,
        bottom=hours.active_hours,
        width=0.8,
        color="#f4a259",
        label="idle",
    )
    left.set_title("Hours worked a day", loc="left", weight="bold")
    left.set_ylabel("hours")
    left.xaxis.set_major_locator(dates.WeekdayLocator(dates.MO, interval=2))
    left.xaxis.set_major_formatter(dates.DateFormatter("%d %b"))
    left.legend(frameon=False)
    right.barh(speed.person, speed.objects_per_hour, color="#2a6f97")
    right.set_title("Net objects an hour, by person", loc="left", weight="bold")
    right.set_xlabel("(created - deleted) / active hour in assignments")
    return figure


def draw_reports(warehouse: duckdb.DuckDBPyConnection) -> int:
    """Draw the picture of each report and return how many there are."""
    pictures = [picture for group in GROUPS for picture in group.PICTURES]
    for picture in pictures:
        figure = picture(warehouse)
        drawn = BytesIO()
        figure.savefig(drawn, dpi=110)
        plt.close(figure)
        few_colors = Image.open(drawn).convert("RGB").quantize(COLORS)
        few_colors.save(FOLDER / "reports" / f"{picture.__name__}.png", optimize=True)
    return len(pictures)


def main() -> None:
    """Draw the pictures beside this file."""
    published = Home.from_environment().published_file
    if not published.exists():
        raise SystemExit(f"{published} is not there. Run: make warehouse")
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    with duckdb.connect(str(published), read_only=True) as warehouse:
        draw(warehouse).savefig(PICTURE, dpi=130)
        count = draw_reports(warehouse)
    print(f"Drew {PICTURE} and {count} pictures in {FOLDER / 'reports'}")


if __name__ == "__main__":
    main()
