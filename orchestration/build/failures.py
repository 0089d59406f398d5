"""What dbt says went wrong, as a person wants to read it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

MESSAGE_LINES = 4
"""What a database says beyond this stands in dbt's log."""

AS_BEFORE = "What readers see is as it was. When this is repaired: warehouse build"

FAILED = ("error", "fail", "runtime error", "partial success")

FRAME = re.compile(r"^((\w+ )+Error in \S+ .*|compiled code at .*|Runtime Error|Database Error)$")


@dataclass(frozen=True)
class Failure:
    """One model or test that failed or, if a test only warns, warned."""

    kind: str
    name: str
    file: str
    message: str
    compiled: str | None
    is_warning: bool

    def lines(self) -> list[str]:
        """Return the lines for the terminal: the name and its file, the message, the SQL."""
        shown = [f"{self.kind} {self.name}  ({self.file})"]
        shown += [f"  {line}" for line in self.message.splitlines()]
        if self.compiled:
            shown.append(f"  SQL: {self.compiled}")
        return shown


def read_failures(target: Path, project: Path) -> list[Failure]:
    """Return what failed or warned in the dbt run whose artifacts lie in the target folder.

    The list is empty where dbt stopped before it ran anything.
    """
    try:
        results = json.loads((target / "run_results.json").read_text())["results"]
        manifest = json.loads((target / "manifest.json").read_text())
    except (OSError, ValueError, KeyError):
        return []
    nodes = {**manifest["nodes"], **manifest.get("unit_tests", {})}
    return [
        _failure(result, nodes.get(result["unique_id"], {}), project)
        for result in results
        if result["status"] in (*FAILED, "warn")
    ]


def skipped_count(target: Path) -> int:
    """Return how many models and tests were left out because of what failed before them."""
    try:
        results = json.loads((target / "run_results.json").read_text())["results"]
    except (OSError, ValueError, KeyError):
        return 0
    return sum(result["status"] == "skipped" for result in results)


def _failure(result: dict, node: dict, project: Path) -> Failure:
    kind = result["unique_id"].split(".")[0]
    compiled = project / node["compiled_path"] if node.get("compiled_path") else None
    return Failure(
        kind=kind.replace("_", " "),
        name=node.get("name") or result["unique_id"],
        file=node.get("original_file_path") or "file unknown",
        message=short_message(result.get("message") or result["status"]),
        compiled=str(compiled) if compiled and compiled.exists() else None,
        is_warning=result["status"] == "warn",
    )


def short_message(message: str) -> str:
    """Return the lines of dbt's message that say something: no frame, no empty lines."""
    message = message.split("Traceback (most recent call last)")[0]
    lines = [line.rstrip() for line in message.splitlines() if line.strip()]
    telling = [line for line in lines if not FRAME.match(line.strip())] or lines
    return dedent("\n".join(telling[:MESSAGE_LINES]))


def failure_text(failures: Sequence[Failure], skipped: int, errors: Sequence[str]) -> str:
    """Return what the user reads about a build that failed."""
    failed = [failure for failure in failures if not failure.is_warning]
    if not failed:
        said = short_message("\n".join(errors)) or "dbt stopped without a message"
        if "Could not set lock" in said:
            said += "\nAnother process has the build file open. Close it and build again."
        return f"The build failed before it built anything:\n{said}\n{AS_BEFORE}"
    lines = [f"The build failed: {len(failed)} failed, {skipped} skipped because of them"]
    for failure in failed:
        lines += ["", *failure.lines()]
    return "\n".join([*lines, "", AS_BEFORE])
