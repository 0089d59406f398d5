"""`warehouse status`: what has landed, what is built, what readers see, and what to do next."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from orchestration.build.record import BuildRecord, read_record
from orchestration.build.through import data_through
from orchestration.errors import WarehouseError
from orchestration.freshness import current_build, unlanded
from orchestration.home import Home
from orchestration.intake import waiting
from orchestration.landing import SOURCES
from orchestration.landing import loads as landed_loads
from orchestration.lock import writer
from orchestration.publish import Publication, read_publication
from orchestration.terminal import ago, plural, table

WAIT = "wait for the command that is writing"

INDENT = " " * 12


def run(arguments: Namespace, home: Home) -> int:
    """Print the state of the home. Changes nothing and needs no lock."""
    now = datetime.now(UTC)
    loads = landed_loads(home)
    record = read_record(home) if home.build_file.exists() else None
    problem = None
    try:
        published = read_publication(home)
    except WarehouseError as error:
        published, problem = None, str(error)
    _section("Warehouse", [str(home.root)])
    at_work = writer(home)
    if at_work:
        _section("Writing", [at_work])
    _section("Landed", _landed(home) if loads else ["nothing"])
    quarantine = _quarantine(home)
    if quarantine:
        _section("Quarantine", quarantine)
    _section("Built", [_built(home, record, now)])
    _section("Published", [problem] if problem else _published(published, now))
    _section("Next", [WAIT] if at_work else _next(home, loads, record, published))
    return 0


def _section(name: str, lines: list[str]) -> None:
    print(f"{name:<{len(INDENT)}}{lines[0]}")
    for line in lines[1:]:
        print(f"{INDENT}{line}")


def _landed(home: Home) -> list[str]:
    import duckdb

    files = [str(path) for path in sorted(home.lake.glob("*/files.parquet"))]
    counts = duckdb.execute(
        "select source, count(*), sum(landed_count), sum(quarantined_count)"
        " from read_parquet($files) group by source",
        {"files": files},
    ).fetchall()
    by_source = {source: numbers for source, *numbers in counts}
    through = data_through(home)
    rows = [("source", "files", "rows", "quarantined", "through (UTC)")]
    for source in SOURCES:
        landed, units, quarantined = by_source.get(source, (0, 0, 0))
        # What belongs to no event has no such time.
        time = (through.get(source) or "-")[:19]
        rows.append((source, f"{landed:,}", f"{int(units):,}", f"{int(quarantined):,}", time))
    return table(rows, numbers=(1, 2, 3))


def _quarantine(home: Home) -> list[str]:
    import duckdb

    files, mended = (
        [str(path) for path in sorted(home.lake.glob(f"*/{relation}.parquet"))]
        for relation in ("quarantine", "mended")
    )
    if not files or not mended:
        return []
    counts = duckdb.execute(
        "select unit, reason, count(*) from read_parquet($files, union_by_name = true)"
        " where quarantine_number not in (select quarantine_number from read_parquet($mended))"
        " group by unit, reason order by count(*) desc, unit, reason",
        {"files": files, "mended": mended},
    ).fetchall()
    rows = [(plural(count, unit.replace("_", " ")), reason) for unit, reason, count in counts]
    return table(rows) if rows else []


def _built(home: Home, record: BuildRecord | None, now: datetime) -> str:
    if record:
        return f"{record.build_id}, {ago(datetime.fromisoformat(record.finished_at), now)}"
    if home.build_file.exists():
        return "the last build did not succeed or has not finished"
    return "nothing"


def _published(published: Publication | None, now: datetime) -> list[str]:
    if published is None:
        return ["nothing"]
    age = ago(published.published_at.replace(tzinfo=UTC), now)
    lines = [f"{published.build_id}, {age}, {published.extent}"]
    if published.rolled_back_from:
        lines.append(f"rolled back from build {published.rolled_back_from}, until the next build")
    return lines


def _next(
    home: Home, loads: list[str], record: BuildRecord | None, published: Publication | None
) -> list[str]:
    """Return the one thing to do now: what comes first on the way of the data."""
    if unlanded(home):
        return ["warehouse refresh (the inbox holds files that have not landed)"]
    if posts := waiting(home):
        return [f"warehouse refresh (the service took {plural(len(posts), 'post')} since)"]
    if not loads:
        return ["warehouse land PATH (or warehouse refresh, to start with demo logs)"]
    if record is None:
        return [f"warehouse build ({plural(len(loads), 'load')} not yet built)"]
    fresh = [load for load in loads if load not in record.loads]
    if fresh:
        return [f"warehouse build ({plural(len(fresh), 'load')} not yet built)"]
    if current_build(home, record.variables) is None:
        return ["warehouse build (the project has changed since)"]
    if published and published.rolled_back_from == record.build_id:
        again = f"warehouse publish --rollback {record.build_id}"
        return [f"nothing; {again} gives readers the last build again"]
    if published is None or published.build_id != record.build_id:
        return [f"warehouse publish (build {record.build_id} is not yet published)"]
    return ["nothing: all that landed is built and published"]
