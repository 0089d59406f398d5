"""Running the examples of a page as they stand."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests import doc_pages

MARK = "\x1e"
"""Printed after each block, so that what one printed can be told from what the next did."""

END = {"python": f"print({MARK!r}, end='', flush=True)", "sh": r"printf '\036'"}

Printed = dict[str, list[str]]
"""Where a block stands -> the lines that it prints, in the order of the page."""


def said(page: Path, language: str) -> Printed:
    """Return what the page says that its blocks of a language print: the text below each."""
    blocks = doc_pages.blocks(page)
    below = [block.lines if block.language == "text" else [] for block in blocks[1:]]
    return {
        block.place: lines
        for block, lines in zip(blocks, [*below, []], strict=True)
        if block.language == language
    }


def printed(
    page: Path, language: str, program: Sequence[str | Path], folder: Path, **environment: str
) -> Printed:
    """Run the page's blocks one after another as one program; return what each prints.

    The program is in the folder and writes there; what it is told comes from the environment.
    """
    blocks = [one for one in doc_pages.blocks(page) if one.language == language]
    script = folder / f"{page.stem}.{language}"
    script.write_text(
        "".join(f"{block.text}\n{END[language]}\n" for block in blocks), encoding="utf-8"
    )
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*program, script.name],
        cwd=folder,
        env={**own, "PYTHONUTF8": "1", "TZ": "UTC", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    parts = done.stdout.split(MARK)[:-1]
    return {block.place: part.splitlines() for block, part in zip(blocks, parts, strict=True)}
