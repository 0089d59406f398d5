"""`warehouse export`: any relation as CSV, Parquet or JSON lines."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.publish.publication import file_to_read


def run(arguments: Namespace, home: Home) -> int:
    """Write the relation to a file or to the standard output."""
    from orchestration.export import (
        FORMATS,
        copy_relation,
        find_relation,
        opened,
        piped,
        rows_of,
        to_file,
        to_stdout,
    )

    out = Path(arguments.out).expanduser() if arguments.out else None
    suffix = out.suffix.removeprefix(".") if out else ""
    format = arguments.format or (suffix if suffix in FORMATS else "csv")
    if format == "parquet" and out is None and sys.stdout.isatty():
        raise UsageError("Parquet is nothing to read on a terminal. Name a file with --out")
    with opened(file_to_read(home, arguments.build)) as warehouse:
        relation = find_relation(warehouse, arguments.relation)
        query = rows_of(warehouse, relation, arguments.where)
        if out is None:
            to_stdout(piped(lambda pipe: copy_relation(warehouse, query, format, pipe)))
        else:
            with to_file(out) as file:
                copy_relation(warehouse, query, format, file)
    return 0
