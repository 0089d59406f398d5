"""Event days: the UTC days on which something happened, and the ones that a build is to redo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from orchestration.build.through import EVENT_TIMES
from orchestration.errors import UsageError, WarehouseError
from orchestration.home import Home

REBUILD_DAYS = "WAREHOUSE_REBUILD_DAYS"
"""Where dbt reads which days to rebuild besides those that have new rows."""

EARLIEST = date(2000, 1, 1)
"""What is said to have happened before is quarantined, like what happens after tomorrow."""


@dataclass(frozen=True)
class Days:
    """A range of UTC days, the first and the last one included."""

    first: date
    last: date

    def __str__(self) -> str:
        """Return the range as dbt reads it."""
        return f"{self.first}/{self.last}"

    def of(self, days: list[date]) -> list[date]:
        """Return those of the days that lie in this range."""
        return [day for day in days if self.first <= day <= self.last]


def event_days(home: Home) -> list[date]:
    """Return the days on which anything in the lake happened, in order."""
    return sorted(set(_of_each_source(home, "select distinct cast({time} as date)")))


def first_event_day(home: Home) -> date | None:
    """Return the first day on which anything in the lake happened, None where nothing landed."""
    return min(_of_each_source(home, "select cast(min({time}) as date)"), default=None)


def last_days(home: Home, count: int) -> Days | None:
    """Return the range of the last so many event days; None where nothing landed."""
    days = event_days(home)[-count:]
    return Days(days[0], days[-1]) if days else None


def days_between(home: Home, first: str, last: str, names: tuple[str, str]) -> Days | None:
    """Return the range from one day to another; an empty text stands for where the lake ends.

    None where both are empty. `names` are what the user knows the two by. Raises UsageError for
    what is no day, and for a first day after the last.
    """
    if not first and not last:
        return None
    start, end = read_day(first, names[0]), read_day(last, names[1])
    if start and end and start > end:
        raise UsageError(f"{names[0]} is {start}, which is after {names[1]}, {end}")
    if not start or not end:
        landed = event_days(home)
        start = start or min([end, *landed[:1]])
        end = end or max([start, *landed[-1:]])
    return Days(_possible(start), _possible(end))


def read_day(text: str, name: str) -> date | None:
    """Return the day that a text names, None for an empty one; UsageError for what is no day."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError(f"{name} is {text!r}; it must be a day, such as 2026-01-31") from None


def _possible(day: date) -> date:
    """Return the day, or the nearest one on which an event can have happened."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return min(max(day, EARLIEST), tomorrow)


def _of_each_source(home: Home, query: str) -> list[date]:
    """Return the days that the query finds in each source of the lake; `{time}` is its time.

    Raises WarehouseError where a file of the lake cannot be read.
    """
    import duckdb

    found: list[date] = []
    try:
        with duckdb.connect() as engine:
            for source, columns in EVENT_TIMES.items():
                files = [str(path) for path in sorted(home.lake.glob(f"*/{source}.parquet"))]
                for column in columns if files else ():
                    select = query.format(time=f'"{column}"')
                    rows = engine.execute(f"{select} from read_parquet($files)", {"files": files})
                    found += [day for (day,) in rows.fetchall() if day]
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"{home.lake} cannot be read: {line}") from error
    return found
