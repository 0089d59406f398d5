"""`warehouse publish`: readers get the last successful build, or an earlier state again."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from orchestration.build.record import read_record
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.lock import writing
from orchestration.publish import Publication, publish, read_publication
from orchestration.publish.copying import bytes_on_disk
from orchestration.publish.history import earlier_states
from orchestration.publish.publication import read_state, readable
from orchestration.terminal import table


def run(arguments: Namespace, home: Home) -> int:
    """Publish, roll back or list; say so where the build is published."""
    if arguments.list:
        print("\n".join(_states(home)))
        return 0
    with writing(home, "warehouse publish"):
        if arguments.rollback is not None:
            print("\n".join(_roll_back(home, arguments.rollback or None)))
            return 0
        record, seen = read_record(home), readable(home)
        if record and home.build_file.exists() and seen and seen.build_id == record.build_id:
            print(f"Build {record.build_id} is published already: nothing to do.")
            return 0
        print("\n".join(published_lines(home, publish(home))))
    return 0


def published_lines(home: Home, state: Publication) -> list[str]:
    """Return what to tell about a state that has just been published, and how to read it."""
    size = bytes_on_disk(home.published_file) / 1e6
    return [
        f"Published build {state.build_id}: {size:,.0f} MB, {state.extent}",
        f"Read it: duckdb -readonly {home.published_file}",
    ]


def _roll_back(home: Home, build_id: str | None) -> list[str]:
    from orchestration.publish.rollback import roll_back

    state = roll_back(home, build_id)
    lines = [f"Readers see build {state.build_id} again, {state.extent}"]
    if state.rolled_back_from:
        lines.append(
            f"Rolled back from build {state.rolled_back_from}; the next new build ends it."
        )
    return lines


def _states(home: Home) -> list[str]:
    """Return one line for each state that readers see or could see again, newest first."""
    published = read_publication(home)
    files = earlier_states(home)
    if published:
        files[published.build_id] = home.published_file
    if not files:
        return ["Nothing is published. Run: warehouse publish"]
    rows = [("build", "published (UTC)", "data through (UTC)", "MB", "")]
    rows += [_row(*state, published) for state in sorted(files.items(), reverse=True)]
    return table(rows, numbers=(3,))


def _row(build_id: str, file: Path, published: Publication | None) -> tuple[str, ...]:
    size = f"{bytes_on_disk(file) / 1e6:,.0f}"
    try:
        state = read_state(file)
    except WarehouseError as error:
        return build_id, "-", "-", size, str(error)
    note = ""
    if published and build_id == published.build_id:
        note = "readers see it"
    elif published and build_id == published.rolled_back_from:
        note = "rolled back"
    through = f"{state.data_through:%Y-%m-%d %H:%M:%S}" if state.data_through else "-"
    return build_id, f"{state.published_at:%Y-%m-%d %H:%M:%S}", through, size, note
