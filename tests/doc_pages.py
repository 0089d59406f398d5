"""Reading the project's pages: their blocks, sections and links, and what their examples quote.

Examples on the pages are CSV blocks whose first line says what they quote:
`# log: <file>` rows of the log of oddities, each with its line (`12`, or `12:3` for the third
sample or event of line 12, `12:0` for what a client batch gives as its previous event);
`# measures.<measure>` rows of that measure; `# result` rows of the query above.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.oracle.compare import LOG, as_text, kind_of

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

TIMES = ("timestamp", "startTime", "endTime", "time", "received_at")
"""Keys of the log that hold a time, in whichever of its four forms."""


class Block(NamedTuple):
    """A fenced block: its language, its first line on the page, and its lines."""

    page: Path
    line_number: int
    language: str
    lines: list[str]

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line_number}"

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def title(self) -> str:
        """What the block's first line says after `# `, or nothing."""
        first = self.lines[0] if self.lines else ""
        return first.removeprefix("# ") if first.startswith("# ") else ""

    @property
    def records(self) -> list[dict[str, str]]:
        """The rows of a CSV block, below its title."""
        return list(csv.DictReader(self.lines[1:], strict=True))


def pages() -> list[Path]:
    """Return the README and every page of the documentation."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """Return a page's fenced blocks in order."""
    found: list[Block] = []
    is_open = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("```"):
            is_open = not is_open
            if is_open:
                found.append(Block(page, number, line.removeprefix("```").strip(), []))
        elif is_open:
            found[-1].lines.append(line)
    assert not is_open, f"{page.name} leaves a block open"
    return found


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    text = page.read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def sections(page: Path, level: int = 2) -> dict[str, str]:
    """Return a page's sections of one level, title to text."""
    mark = "#" * level
    parts = re.split(rf"^{mark} (.+)$", prose(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def table(text: str) -> list[list[str]]:
    """Return the cells of every table row in a text, heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = [n for n, line in enumerate(lines) if re.fullmatch(r"[|\-: ]+", line) and "-" in line]
    heads = {n - 1 for n in rules}
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for n, line in enumerate(lines)
        if n not in rules and n not in heads
    ]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the path and the anchor of every relative link of a page."""
    for target in re.findall(r"\]\(([^)\s]+)[^)]*\)", prose(page)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


@cache
def _log_lines(name: str) -> list[str]:
    return (LOG / name).read_text(encoding="utf-8").splitlines()


def logged(name: str, place: str) -> dict[str, Any]:
    """Return what stands at a place (`12`, `12:3`) of a file of the log of oddities."""
    number, _, position = place.partition(":")
    lines = _log_lines(name)[int(number) - 1 :]
    if name.endswith(".csv"):
        record = next(csv.reader(lines, strict=True))
        return dict(zip(_log_lines(name)[0].split(","), record, strict=True))
    value = json.loads(lines[0])
    if not position:
        assert isinstance(value, dict), f"{name}:{place} holds several"
        return value
    if isinstance(value, list):
        return value[int(position) - 1]
    return value["events"][int(position) - 1] if position != "0" else value["previous_event"]


def logged_cell(record: dict[str, Any], path: str) -> str:
    """Return the value at a dotted path of a logged record, as the pages write it.

    A number in the path is a place in a list, from 0; what is not there is nothing.
    """
    value: Any = record
    for key in path.split("."):
        if isinstance(value, str):
            value = json.loads(value)
        if isinstance(value, list):
            value = value[int(key)] if int(key) < len(value) else None
        else:
            value = value.get(key)
        if value is None:
            return ""
    if path in TIMES and value != "":
        return _shown_time(_instant(value))
    return shown(value)


def _instant(value: str | int) -> datetime:
    if isinstance(value, int):
        return datetime.fromtimestamp(value // 1000, UTC).replace(microsecond=value % 1000 * 1000)
    if re.fullmatch(r"\d+\.\d{6}", value):
        seconds, _, micros = value.partition(".")
        return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(micros))
    return datetime.fromisoformat(value)


def _shown_time(at: datetime) -> str:
    """Write a UTC time to the second, with milliseconds where it has some."""
    text = at.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")
    return text.removesuffix(".000")


def shown(value: Any) -> str:
    """Return a value as the pages write it: null as nothing, numbers without trailing zeros."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return _shown_time(value)
    if isinstance(value, float | Decimal):
        return f"{round(Decimal(value), 6).normalize():f}"
    return str(value)


def expected_cell(measure: str, column: str, value: Any) -> str:
    """Return an expected cell of a measure as the pages write it."""
    text = as_text(measure, column, value)
    kind = kind_of(measure, column)
    if kind == "time":
        return text.removesuffix(".000")
    if kind in ("ratio", "number") and text:
        return shown(Decimal(text))
    return text
