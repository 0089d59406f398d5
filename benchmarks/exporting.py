"""`make bench`: what an export of events costs the service that is asked for it over HTTP.

A published file is made of nothing but events. A small export and a large one are asked for, waited
for and downloaded; the service's memory must not grow with them. What was downloaded is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

import duckdb

from orchestration.home import PROJECT, Home

ROWS = 10_000_000

SMALLER = 10
"""How many times smaller the first export is."""

PIECE_BYTES = 1 << 20

EVENTS = """
    create schema core;
    create schema quality;
    create table core.fct_events as
    select
        hash(number) as event_id,
        'cvat' as source_system,
        'client' as source,
        ['draw:object', 'change:frame', 'save:job', 'click:element'][1 + number % 4] as scope,
        case number % 4 when 0 then 'rectangle' end as object_name,
        cast(number // 7 as varchar) as object_id,
        case number % 4 when 3 then 'a button, "pressed"' end as object_value,
        'user' || number % 97 as user_name,
        'user' || number % 97 || '@example.org' as user_email,
        'org' || number % 5 as org_slug,
        cast(null as varchar) as access_token_id,
        '{"client_id": "' || md5(cast(number % 1009 as varchar)) || '", "is_active": true, "step": '
            || number || ', "platform": "' || repeat('x', cast(hash(number) % 120 as bigint))
            || '"}' as payload,
        cast(number % 97 as varchar) as user_id,
        cast(number % 5 as varchar) as org_id,
        cast(number % 50 as varchar) as project_id,
        cast(number % 500 as varchar) as task_id,
        cast(number % 5000 as varchar) as assignment_id,
        cast(1 as bigint) as object_count,
        cast(hash(number) % 2000 as bigint) as duration_ms,
        -- Several an instant, and not quite in order: files come roughly by day.
        timestamp '2025-01-01' + to_milliseconds(
            number // 3 * 250 + cast(hash(number) % 60000 as bigint)
        ) as event_at
    from range({rows}) as numbers (number);
    create table quality.event_origins as
    select
        hash(number) as event_id,
        md5(cast(number // 1000000 as varchar)) as file_id,
        number % 1000000 as line_number,
        cast(1 as bigint) as line_position,
        true as is_accepted
    from range({rows}) as numbers (number);
    create table core.dim_organizations_history (org_id varchar, created_at timestamp);
    create table core.dim_projects_history (project_id varchar, created_at timestamp);
    create table core.dim_tasks_history (task_id varchar, created_at timestamp);
    create table core.dim_jobs_history (assignment_id varchar, created_at timestamp);
"""


class Cost(NamedTuple):
    """What one export cost: seconds, and bytes."""

    made_s: float
    downloaded_s: float
    rows: int
    size: int
    peak_bytes: int
    """The most that the service had in memory since its start."""


def publish_events(home: Home, rows: int) -> None:
    """Publish a file with that many events, and nothing else."""
    file = home.published_file
    file.parent.mkdir(parents=True, exist_ok=True)
    incoming = file.with_name(".incoming-events.duckdb")
    with duckdb.connect(str(incoming), config={"memory_limit": "1GB"}) as engine:
        engine.execute(EVENTS.replace("{rows}", str(rows)))
    os.replace(incoming, file)


@contextmanager
def serving(home: Home) -> Iterator[tuple[str, int]]:
    """Serve the home; give the address and the process's id. SystemExit where it does not start."""
    service = subprocess.Popen(
        [sys.executable, "-m", "orchestration", "serve", "--port", "0"],
        env={**os.environ, "WAREHOUSE_HOME": str(home.root)},
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        said = re.search(r"http://[^, ]+", service.stdout.readline())
        if said is None:
            raise SystemExit("the service does not start")
        yield said[0], service.pid
    finally:
        service.terminate()
        service.communicate()


def exported(address: str, pid: int, query: str = "") -> Cost:
    """Export over HTTP, as CVAT's clients do. SystemExit where it fails."""
    began = time.monotonic()
    with urlopen(Request(f"{address}/api/events/export?{query}", method="POST")) as answer:
        id = json.load(answer)["rq_id"]
    while True:
        with urlopen(f"{address}/api/requests/{id}") as answer:
            request = json.load(answer)
        if request["status"] == "failed":
            raise SystemExit(f"the export failed: {request['message']}")
        if request["status"] == "finished":
            break
        time.sleep(0.2)
    made = time.monotonic()
    rows, size = -1, 0
    with urlopen(request["result_url"]) as answer:
        while piece := answer.read(PIECE_BYTES):
            rows += piece.count(b"\r\n")
            size += len(piece)
            if piece.endswith(b"\r"):
                rows += answer.peek(1)[:1] == b"\n"
    return Cost(made - began, time.monotonic() - made, rows, size, peak_bytes(pid))


def peak_bytes(pid: int) -> int:
    """Return the most that a process had in memory at once; 0 where the system does not say."""
    status = Path(f"/proc/{pid}/status")
    said = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(said[1]) * 1024 if said else 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exporting", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=ROWS, metavar="N", help=f"events (default {ROWS})"
    )
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    rows = arguments().rows
    print(f"{'export':<28}{'made s':>8}{'download s':>12}{'MB':>8}{'rows/s':>10}{'MB at most':>12}")
    for wanted in (max(1, rows // SMALLER), rows):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            home = Home(Path(folder))
            publish_events(home, wanted)
            with serving(home) as (address, pid):
                cost = exported(address, pid)
        print(
            f"{f'{cost.rows:,} events':<28}{cost.made_s:>8.1f}{cost.downloaded_s:>12.1f}"
            f"{cost.size / 1e6:>8,.0f}{cost.rows / cost.made_s:>10,.0f}"
            f"{cost.peak_bytes / 1e6:>12,.0f}",
            flush=True,
        )
        if cost.rows != wanted:
            raise SystemExit(f"{wanted:,} events were there")


if __name__ == "__main__":
    main()
