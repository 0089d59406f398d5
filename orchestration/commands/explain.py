"""`warehouse explain`: the facts, events and lines that a number was made of."""

from __future__ import annotations

import sys
from argparse import Namespace

from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.publish.publication import file_to_read


def run(arguments: Namespace, home: Home) -> int:
    """Explain each row that the condition selects; 1 if the facts of one do not give it."""
    from orchestration.explain import explain_cell, find_cells, find_measure, opened
    from orchestration.explain.show import cell_lines, closing_line, fact_lines

    if arguments.limit < 1:
        raise UsageError("--limit must be 1 or more")
    differ = False
    with opened(file_to_read(home, arguments.build)) as engine:
        measure = find_measure(engine, arguments.measure)
        cells = find_cells(engine, measure, arguments.where, arguments.granularity)
        for number, cell in enumerate(cells):
            found = explain_cell(engine, cell)
            if number:
                print()
            print("\n".join([*cell_lines(cell), *fact_lines(engine, found, arguments.limit)]))
            print(closing_line(found), file=sys.stderr if found.differences else sys.stdout)
            differ = differ or bool(found.differences)
    return 1 if differ else 0
