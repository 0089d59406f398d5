"""The command line: `warehouse COMMAND`. Modules load when their command runs, not before."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from orchestration.errors import UsageError, WarehouseError
from orchestration.home import Home

USAGE = 2
"""The exit code of a command that was called wrongly, as argparse gives it."""

STOPPED = 130
"""The exit code of a command that was interrupted, as shells give it."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="warehouse",
        description="The analytics warehouse for annotation platforms: land logs, build, publish.",
        epilog="The warehouse lives in the folder that WAREHOUSE_HOME names, ./data without it.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    commands.add_parser("refresh", help="land the inbox, build and publish, in one run")

    land = commands.add_parser("land", help="take files or folders of logs into the lake")
    land.add_argument("paths", nargs="+", metavar="PATH", help="a log file or a folder of them")
    land.add_argument("--source", metavar="NAME", help="what the files are, where they do not say")

    pull = commands.add_parser("pull", help="read what is new from a running system into the lake")
    systems = pull.add_subparsers(dest="system", metavar="SYSTEM", required=True)
    clickhouse = systems.add_parser("cvat-clickhouse", help="the events in CVAT's own ClickHouse")
    clickhouse.add_argument("--url", help="its HTTP address; default: what the environment says")
    clickhouse.add_argument("--table", metavar="DATABASE.TABLE", help="default cvat.events")
    clickhouse.add_argument(
        "--since", metavar="DAY", help="the first event day (UTC); without it: from the first row"
    )
    clickhouse.add_argument(
        "--until", metavar="DAY", help="the last event day; without it: up to the last row"
    )
    clickhouse.add_argument(
        "--overlap",
        type=int,
        default=1,
        metavar="DAYS",
        help="for how many days back late rows are looked for minute by minute, and beyond them"
        " day by day; default 1",
    )
    clickhouse.add_argument(
        "--slice-rows", type=int, default=200_000, metavar="N", help="rows at once, 200000"
    )
    cvat_api = systems.add_parser("cvat-api", help="names and states, from CVAT's API")
    cvat_api.add_argument("--url", help="such as https://app.cvat.ai; else WAREHOUSE_CVAT_API_URL")
    cvat_api.add_argument("--organization", metavar="SLUG", help="see no other organization")
    cvat_api.add_argument(
        "--moved", action="store_true", help="the address is new, the CVAT is the same"
    )

    quarantine = commands.add_parser("quarantine", help="see and mend what was not understood")
    actions = quarantine.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="the rows in quarantine")
    listed.add_argument("--reason", metavar="CODE", help="only those with this reason")
    listed.add_argument("--file", metavar="NAME", help="only those of files of this name")
    listed.add_argument("--limit", type=int, default=100, metavar="N", help="default 100")
    shown = actions.add_parser("show", help="all that is known of one row, and its text")
    shown.add_argument("number", metavar="N", help="the row's number in the list")
    shown.add_argument("--raw", action="store_true", help="only the text, as it is")
    retried = actions.add_parser("retry", help="land a file of mended rows in place of bad ones")
    retried.add_argument("path", metavar="FILE", help="a log that holds the mended rows")
    retried.add_argument(
        "--mends",
        nargs="+",
        required=True,
        metavar="N",
        help="the rows it mends, in its order: 3, or 5-9",
    )
    retried.add_argument(
        "--together", action="store_true", help="the rows are mended as one, not one by one"
    )
    retried.add_argument("--source", metavar="NAME", help="what the file is, if it does not say")

    build = commands.add_parser("build", help="build and test the marts over all that has landed")
    build.add_argument(
        "--full-refresh", action="store_true", help="build anew, also what did not change"
    )
    build.add_argument(
        "--from",
        default="",
        dest="rebuild_from",
        metavar="DAY",
        help="rebuild event days (UTC) from this one on, such as 2026-01-31; without it: from the"
        " first that landed",
    )
    build.add_argument(
        "--to",
        default="",
        dest="rebuild_to",
        metavar="DAY",
        help="rebuild event days up to this one; without it: up to the last that landed",
    )
    build.add_argument("--vars", metavar="JSON", help="dbt variables, as a JSON object")

    publish = commands.add_parser("publish", help="give readers the last successful build")
    states = publish.add_mutually_exclusive_group()
    states.add_argument(
        "--rollback",
        nargs="?",
        const="",
        metavar="BUILD_ID",
        help="give readers an earlier state again, the one before theirs if none is named",
    )
    states.add_argument("--list", action="store_true", help="show the states there are")

    query = commands.add_parser("query", help="answer a payload of the API of measures")
    query.add_argument("payload", metavar="FILE", help="the payload as JSON; - reads it")

    explain = commands.add_parser("explain", help="show which events a number was made of")
    explain.add_argument("--measure", required=True, metavar="NAME", help="such as activeUsers")
    explain.add_argument("--where", default="true", metavar="SQL", help="which rows of it")
    explain.add_argument("--granularity", metavar="NAME", help="default: the measure's, else day")
    explain.add_argument("--limit", type=int, default=20, metavar="N", help="facts shown, 20")
    explain.add_argument("--build", action="store_true", help="read the build, not the published")

    events = commands.add_parser("export-events", help="CVAT's events as CVAT would export them")
    for name in ("org", "project", "task", "job", "user"):
        events.add_argument(f"--{name}-id", type=int, metavar="N", help=f"only of this {name}")
    events.add_argument(
        "--from", dest="first", metavar="TIME", help="from this day or time (UTC) on"
    )
    events.add_argument("--to", dest="last", metavar="TIME", help="up to it, itself included")
    events.add_argument(
        "--exceptions", action="store_true", help="also send:exception, which CVAT leaves out"
    )
    exported = commands.add_parser("export", help="any relation as CSV, Parquet or JSON lines")
    exported.add_argument("relation", metavar="RELATION", help="such as measures.active_users")
    exported.add_argument("--where", default="true", metavar="SQL", help="which rows of it")
    exported.add_argument(
        "--format", choices=("csv", "parquet", "json"), help="default: what FILE ends in, else csv"
    )
    for command in (events, exported):
        command.add_argument("--out", metavar="FILE", help="default: the standard output")
        command.add_argument("--build", action="store_true", help="read the build")

    commands.add_parser("status", help="show what has landed, what is built, what readers see")

    demo = commands.add_parser("demo", help="write believable logs to try the warehouse with")
    demo.add_argument("--events", type=int, default=200_000, metavar="N", help="default 200000")
    demo.add_argument("--days", type=int, default=60, metavar="N", help="default 60")
    demo.add_argument("--users", type=int, default=24, metavar="N", help="default 24")
    demo.add_argument("--seed", type=int, default=1, metavar="N", help="default 1")
    demo.add_argument("--out", metavar="DIR", help="default: the inbox")

    serve = commands.add_parser("serve", help="answer both HTTP APIs over what is published")
    serve.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")
    serve.add_argument("--port", type=int, default=8080, metavar="N", help="default 8080")

    credentials = commands.add_parser("credentials", help="make what callers of it sign in with")
    kinds = credentials.add_subparsers(dest="kind", metavar="KIND", required=True)
    kinds.add_parser("password", help="hash a password for the users file")
    kinds.add_parser("token", help="make a token and its hash for the users file")
    signed = kinds.add_parser("jwt", help="sign a bearer token with WAREHOUSE_JWT_KEY")
    signed.add_argument("--user", required=True, metavar="ID", help="the user's id in the events")
    signed.add_argument("--role", metavar="ROLE", help="such as worker; else the users file's")
    signed.add_argument("--org", metavar="ID", help="the organization they act in")
    signed.add_argument("--email", metavar="ADDRESS")
    signed.add_argument("--hours", type=float, default=24, metavar="N", help="default 24")

    dagster = commands.add_parser("dagster", help="open Dagster's web interface over the warehouse")
    dagster.add_argument("--port", type=int, default=3000, metavar="N", help="default 3000")
    return top


def _expected() -> tuple[type[Exception], ...]:
    """Return what a user can do something about; only a failure pays for the import."""
    from orchestration.landing import LandingError

    return WarehouseError, LandingError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 only when all that was asked for was done."""
    arguments = parser().parse_args(argv)
    home = Home.from_environment()
    # dbt and Dagster run elsewhere than here: what was relative must not be so for them.
    os.environ["WAREHOUSE_HOME"] = str(home.root)
    module = arguments.command.replace("-", "_")
    command = importlib.import_module(f"orchestration.commands.{module}")
    try:
        return command.run(arguments, home)
    except UsageError as error:
        print(error, file=sys.stderr)
        return USAGE
    except _expected() as error:
        print(error, file=sys.stderr)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. What readers see is as it was.", file=sys.stderr)
        return STOPPED
    return 1
