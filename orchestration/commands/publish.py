"""`warehouse publish`: readers get the last successful build."""

from __future__ import annotations

from argparse import Namespace

from orchestration.build.record import read_record
from orchestration.home import Home
from orchestration.lock import writing
from orchestration.publish import Publication, is_published, publish


def run(arguments: Namespace, home: Home) -> int:
    """Publish, or say that it is published."""
    with writing(home, "warehouse publish"):
        record = read_record(home)
        if record and home.build_file.exists() and is_published(home, record):
            print(f"Build {record.build_id} is published already: nothing to do.")
            return 0
        print("\n".join(published_lines(home, publish(home))))
    return 0


def published_lines(home: Home, state: Publication) -> list[str]:
    """Return what to tell about a state that has just been published, and how to read it."""
    size = home.published_file.stat().st_size / 1e6
    return [
        f"Published build {state.build_id}: {size:,.0f} MB, data through {state.data_through} UTC",
        f"Read it: duckdb -readonly {home.published_file}",
    ]
