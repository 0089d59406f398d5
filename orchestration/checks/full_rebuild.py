"""The weekly check: a full rebuild gives what the small builds of the week had come to.

A build that is to be compared notes what the tables add up to before it and after it; the check
reads the note when the rebuilt state is published.
"""

# No postponed annotations here: Dagster reads the annotations themselves.
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.checks.limits import LINES
from orchestration.checks.sums import ColumnSums, TableSums, differences, sums_of
from orchestration.errors import WarehouseError
from orchestration.home import Home

NAME = "a_full_rebuild_changes_nothing"
ASSET = "published_warehouse"
DESCRIPTION = (
    "Each table of core, rollups and reports adds up to the same after a full rebuild as before"
    " it: rows, numbers, and hashes of all values. What differs is named, and the run fails after"
    " the rebuilt state is published: it is the lake's, and the one before it was wrong."
)


def define_full_rebuild_check() -> dg.AssetChecksDefinition:
    """Return the check. A run that rebuilt nothing in full has nothing to say about it."""

    @dg.multi_asset_check(
        name=NAME,
        specs=[dg.AssetCheckSpec(NAME, asset=ASSET, description=DESCRIPTION)],
        can_subset=True,
    )
    def check(
        context: dg.AssetCheckExecutionContext, home: dg.ResourceParam[Home]
    ) -> Iterator[dg.AssetCheckResult]:
        noted = _read(home, context.run.run_id)
        if not noted or "after" not in noted:
            context.log.info("This run has compared no full rebuild with what was before.")
            return
        before, after = _tables(noted["before"]), _tables(noted["after"])
        found = differences(before, after) if before else []
        yield dg.AssetCheckResult(
            check_name=NAME,
            asset_key=ASSET,
            passed=not found,
            severity=dg.AssetCheckSeverity.ERROR,
            description=_listed(found) or _nothing(before, after),
            metadata={"tables": len(after), "differing": len(found)},
        )
        _note(home).unlink()
        if found:
            raise WarehouseError(
                "A full rebuild differs from what the builds before it had come to:\n"
                f"{_listed(found)}\n"
                "Readers see the rebuilt state. To see the one before: warehouse publish --rollback"
            )

    return check


def is_noted(home: Home, run_id: str) -> bool:
    """Say whether the state before this run's rebuild is noted."""
    return _read(home, run_id) is not None


def note_before(home: Home, run_id: str) -> None:
    """Note what the build file adds up to before the run rebuilds it; nothing where none is."""
    before = sums_of(home.build_file) if home.build_file.exists() else {}
    _write(home, {"run_id": run_id, "before": before})


def note_after(home: Home, run_id: str) -> None:
    """Note what the build file adds up to now."""
    noted = _read(home, run_id) or {"run_id": run_id, "before": {}}
    _write(home, {**noted, "after": sums_of(home.build_file)})


def _note(home: Home) -> Path:
    return home.root / "full_rebuild.json"


def _read(home: Home, run_id: str) -> dict[str, Any] | None:
    try:
        noted = json.loads(_note(home).read_text())
    except (OSError, ValueError):
        return None
    return noted if noted["run_id"] == run_id else None


def _write(home: Home, noted: dict[str, Any]) -> None:
    _note(home).write_text(json.dumps(noted))


def _tables(noted: dict[str, Any]) -> dict[str, TableSums]:
    return {
        name: TableSums(rows, hashes, {key: ColumnSums(*sums) for key, sums in columns.items()})
        for name, (rows, hashes, columns) in noted.items()
    }


def _listed(found: list[str]) -> str:
    more = [f"and {len(found) - LINES:,} more"] if len(found) > LINES else []
    return "\n".join([*found[:LINES], *more])


def _nothing(before: dict[str, TableSums], after: dict[str, TableSums]) -> str:
    if not before:
        return "there was no build before to compare with"
    return f"all {len(after)} tables add up to the same"
