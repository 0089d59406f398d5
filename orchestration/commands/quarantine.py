"""`warehouse quarantine`: what could not be understood, and how it is mended."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.lock import writing
from orchestration.terminal import plural, table


def run(arguments: Namespace, home: Home) -> int:
    """List, show or retry."""
    return {"list": _list, "show": _show, "retry": _retry}[arguments.action](arguments, home)


def _list(arguments: Namespace, home: Home) -> int:
    from orchestration.landing import REASONS
    from orchestration.landing.outcome import one_line
    from orchestration.landing.quarantine import waiting

    if arguments.reason is not None and arguments.reason not in REASONS:
        raise UsageError(
            f"--reason {arguments.reason} is not known; known are {', '.join(REASONS)}"
        )
    if arguments.limit < 1:
        raise UsageError("--limit must be at least 1")
    count, found = waiting(
        home, reason=arguments.reason, file_name=arguments.file, limit=arguments.limit
    )
    if not found:
        asked = arguments.reason or arguments.file
        print("No such row is in quarantine." if asked else "Nothing is in quarantine.")
        return 0
    rows = [("number", "file", "line", "reason", "detail")]
    for row in found:
        name, detail = one_line(row.file_name), one_line(row.detail)
        rows.append((str(row.number), name, str(row.line_number), row.reason, detail))
    print("\n".join(table(rows, numbers=(0, 2))))
    if count > len(found):
        print(f"The first {len(found):,} of {count:,}; choose with --reason, --file, --limit")
    return 0


def _show(arguments: Namespace, home: Home) -> int:
    from orchestration.landing import REASONS
    from orchestration.landing.outcome import one_line
    from orchestration.landing.quarantine import described

    numbers = read_numbers([arguments.number])
    if len(numbers) != 1:
        raise UsageError(f"{arguments.number!r} is a range; show takes one number")
    row, more = described(home, numbers[0])
    if arguments.raw:
        sys.stdout.write(more.raw_text + "\n")
        return 0
    place = str(row.line_number)
    if row.unit != "record":
        place += f", position {more.line_position}"
    facts = [
        ("Number", str(row.number)),
        ("File", row.file_name),
        ("Path", more.file_path),
        ("File id", more.file_id),
        ("Line", place),
        ("Kind", f"{row.unit.replace('_', ' ')} of {row.source}, {more.format}"),
        ("Reason", f"{row.reason}: {REASONS[row.reason]}"),
        ("Detail", row.detail),
        ("Landed", f"{more.landed_at:%Y-%m-%d %H:%M:%S} UTC, load {more.load_id}"),
    ]
    if row.mended_at:
        line = f", line {more.mended_line}" if more.mended_line else ""
        at = f"{row.mended_at:%Y-%m-%d %H:%M:%S} UTC, load {more.mended_load_id}"
        facts.append(("Mended", f"by {row.mended_by}{line} (file id {row.mended_by_id})"))
        facts.append(("", at))
    print("\n".join(table([(name, one_line(value)) for name, value in facts])))
    print()
    print("\n".join(one_line(line) for line in more.raw_text.split("\n")))
    return 0


def _retry(arguments: Namespace, home: Home) -> int:
    from orchestration.landing import retry

    numbers = read_numbers(arguments.mends)
    with writing(home, "warehouse quarantine retry"):
        done = retry(
            Path(arguments.path).expanduser(),
            numbers,
            home,
            source=arguments.source,
            together=arguments.together,
        )
    print(done.outcome)
    if not done.numbers:
        print("The rows left quarantine before, mended by this file: nothing to do.")
        return 0
    print(f"{plural(len(done.numbers), 'row')} left quarantine")
    print("Next: warehouse build")
    return 0


def read_numbers(texts: Iterable[str]) -> list[int]:
    """Return the numbers of `3` and `5-9`. Raises UsageError."""
    numbers: list[int] = []
    for text in texts:
        found = re.fullmatch(r"([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,17}))?", text)
        if not found:
            raise UsageError(f"{text!r} is not a number of quarantine, as in 3 or 5-9")
        first, last = int(found[1]), int(found[2] or found[1])
        if not 0 <= last - first < MOST:
            raise UsageError(f"{text!r} is not a range of up to {MOST:,} numbers, the lower first")
        numbers.extend(range(first, last + 1))
    return numbers


MOST = 1_000_000
"""The longest range of numbers that one retry takes."""
