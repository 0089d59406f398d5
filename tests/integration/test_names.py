"""Names and states from CVAT's API: histories out of what pulls landed, and the later word wins.

The log of tests/fixtures/names is read by hand: events of 1 to 5 March 2026, a pull at the
beginning of 2 March and one at that of 4 March. Every expected row follows from those few lines.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from orchestration.home import Home
from tests.conftest import built
from tests.law.compare import differences

LOG = Path(__file__).resolve().parent.parent / "fixtures" / "names" / "log"
PULLS = [LOG / name for name in ("pull_1.jsonl", "pull_2.jsonl", "by_hand.jsonl")]

MADE = datetime(2026, 2, 27, 9, 0, 0, 123000)
FIRST = datetime(2026, 3, 2, 0, 0, 0, 123000)
SECOND = datetime(2026, 3, 4, 0, 0, 0, 123000)


def march(day: int, hour: int, minute: int = 0, ms: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, 0, ms * 1000)


DIMENSIONS = {
    "dim_users": "user_id, user_name, user_email, first_event_at, last_event_at, deleted_at",
    "dim_organizations": "org_id, org_slug, first_event_at, last_event_at, deleted_at",
    "dim_projects": "project_id, org_id, project_name, first_event_at, last_event_at, deleted_at",
    "dim_tasks": "task_id, project_id, task_name, first_event_at, last_event_at, deleted_at",
    "dim_assignments": (
        "assignment_id, task_id, assignee_user_id, stage, state, job_type, frame_count,"
        " first_event_at, last_event_at, deleted_at"
    ),
    "dim_labels": "source_system, label, label_name, first_event_at, deleted_at",
}
"""Dimension -> the columns that the expectations below hold."""


MODELS = [f"+{name}" for name in (*DIMENSIONS, "dim_*_history", "load_audit", "quarantine")]
"""What is built here: the rest of the project reads none of this."""


class Houses(NamedTuple):
    """Two warehouses of the same files, and what one held before any pull."""

    before: dict[str, list[tuple]]
    step_by_step: Path
    at_once: Path


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Houses:
    """Build events alone, then what pulls brought; and all of it in one build, its tests too."""
    home = built(Home(tmp_path_factory.mktemp("steps")), LOG / "events.csv", select=MODELS)
    with duckdb.connect(str(home.build_file), read_only=True) as build:
        before = {name: shown(build, name) for name in DIMENSIONS}
    built(home, *PULLS, select=MODELS)
    at_once = Home(tmp_path_factory.mktemp("at_once"))
    other = built(at_once, LOG, select=MODELS, is_tested=True)
    return Houses(before, home.build_file, other.build_file)


@pytest.fixture(scope="module")
def warehouse(houses: Houses) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(houses.step_by_step), read_only=True)


def shown(build: duckdb.DuckDBPyConnection, dimension: str) -> list[tuple]:
    return build.execute(
        f"select {DIMENSIONS[dimension]} from core.{dimension} order by all"
    ).fetchall()


def test_a_rebuild_from_scratch_gives_the_same_tables(houses: Houses) -> None:
    assert differences(houses.step_by_step, houses.at_once) == []


def test_without_a_pull_the_dimensions_are_what_events_tell(houses: Houses) -> None:
    a, z = march(1, 8), march(5, 12)
    drawn = march(1, 9, 10, 500)
    assert houses.before == {
        "dim_users": [
            ("7", "ann", "ann@example.org", a, march(5, 12, 6), None),
            ("8", "bob", None, drawn, z, None),
        ],
        "dim_organizations": [("1", "acme", a, march(5, 12, 6), None)],
        "dim_projects": [("10", "1", "Streets", a, march(5, 12, 6), None)],
        "dim_tasks": [("100", "10", "Monday and Tuesday", march(1, 8, 10), march(5, 12, 5), None)],
        "dim_assignments": [
            ("1000", "100", "7", None, "completed", None, None, march(1, 9), z, None),
            ("1001", "100", None, "validation", None, None, None, march(3, 10), march(3, 10), None),
        ],
        "dim_labels": [],
    }


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        (
            "dim_users",
            [
                ("7", "ann", "ann@example.org", march(1, 8), march(5, 12, 6), None),
                # An event of 5 March still calls him bob; only the pull knows the address.
                ("8", "bob", "bob@example.org", march(1, 9, 10, 500), march(5, 12), None),
            ],
        ),
        ("dim_organizations", [("1", "acme", march(1, 8), march(5, 12, 6), None)]),
        ("dim_projects", [("10", "1", "Streets", march(1, 8), march(5, 12, 6), None)]),
        (
            "dim_tasks",
            [
                ("100", "10", "Monday and Tuesday", march(1, 8, 10), march(5, 12, 5), None),
                ("300", "10", "Gone soon", None, None, SECOND),
            ],
        ),
        (
            "dim_assignments",
            [
                # Assigned by an event, taken away at the second pull; completed after it.
                (
                    *("1000", "100", None, "validation", "completed", "annotation", 10),
                    *(march(1, 9), march(5, 12), None),
                ),
                # The first pull saw annotation, an event of 3 March says validation.
                (
                    *("1001", "100", None, "validation", "new", "annotation", 20),
                    *(march(3, 10), march(3, 10), None),
                ),
                ("3000", "300", "9", "annotation", "new", "annotation", 5, None, None, SECOND),
            ],
        ),
        (
            "dim_labels",
            [
                ("cvat", "5", "auto", None, None),
                ("cvat", "6", "pose", None, None),
                ("cvat", "61", "knee", None, None),
            ],
        ),
    ],
)
def test_the_later_word_wins(
    warehouse: duckdb.DuckDBPyConnection, dimension: str, expected: list[tuple]
) -> None:
    assert shown(warehouse, dimension) == expected


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ("organizations", [("1", "acme", "ACME", "7", MADE, FIRST, None)]),
        ("projects", [("10", "1", "7", None, "Streets", "annotation", MADE, FIRST, None)]),
        (
            "tasks",
            [
                (
                    *("100", "1", "10", "7", "8", "Monday", "annotation", "Train", "annotation"),
                    *("2d", 30, MADE, FIRST, None),
                ),
                (
                    *("300", "1", "10", "7", "8", "Gone soon", "annotation", "Train"),
                    *("annotation", "2d", 5, MADE, FIRST, SECOND),
                ),
            ],
        ),
        (
            "jobs",
            [
                (
                    *("1000", "1", "10", "100", None, "8", "annotation", "in progress"),
                    *("annotation", 10, 0, 9, MADE, FIRST, SECOND),
                ),
                (
                    *("1000", "1", "10", "100", None, None, "validation", "in progress"),
                    *("annotation", 10, 0, 9, MADE, SECOND, None),
                ),
                (
                    *("1001", "1", "10", "100", None, None, "annotation", "new"),
                    *("annotation", 20, 10, 29, MADE, FIRST, None),
                ),
                (
                    *("3000", "1", "10", "300", None, "9", "annotation", "new"),
                    *("annotation", 5, 0, 4, MADE, FIRST, SECOND),
                ),
            ],
        ),
        (
            "labels",
            [
                ("5", "10", None, None, "car", "rectangle", "#2080c0", FIRST, None),
                # Landed once more by hand, and nothing had changed.
                ("6", "10", None, None, "pose", "skeleton", "#2080c0", FIRST, None),
                ("61", "10", None, "6", "knee", "points", "#2080c0", FIRST, None),
            ],
        ),
        (
            "users",
            [
                ("7", "ann", "ann@example.org", "Ann", "Ångström", True, True, MADE, FIRST, None),
                ("8", "bob", None, "Bob", None, True, False, MADE, FIRST, SECOND),
                ("8", "bobby", "bob@example.org", "Bob", None, True, False, MADE, SECOND, None),
            ],
        ),
        (
            "issues",
            [
                ("70", "1000", "7", "8", 3, False, MADE, FIRST, SECOND),
                ("70", "1000", "7", "8", 3, True, MADE, SECOND, None),
            ],
        ),
    ],
)
def test_histories_have_a_row_from_each_change_to_the_next(
    warehouse: duckdb.DuckDBPyConnection, history: str, expected: list[tuple]
) -> None:
    found = warehouse.execute(f"from core.dim_{history}_history order by #1, valid_from").fetchall()
    assert found == expected


def test_every_line_is_accounted_for(warehouse: duckdb.DuckDBPyConnection) -> None:
    audited = warehouse.execute(
        "select file_name, landed, accepted, duplicates, quarantined from quality.load_audit"
        " where source = 'cvat_resources' order by file_name"
    ).fetchall()
    assert [(name, landed) for name, landed, *_ in audited] == [
        ("by_hand.jsonl", 3),
        ("pull_1.jsonl", 13),
        ("pull_2.jsonl", 5),
    ]
    assert [row[4] for row in audited] == [1, 0, 0]
    # The line that stands in two files counts once, whichever of them it is.
    assert sum(row[2] for row in audited) == 3 + 13 + 5 - 1 - 1
    assert sum(row[3] for row in audited) == 1
    bad = warehouse.execute(
        "select file_name, line_number, reason, detail from quality.quarantine"
    ).fetchall()
    said = "attributes.frame_count is 'ten', which is not a whole number up to 1,000,000,000,000."
    assert bad == [("by_hand.jsonl", 3, "wrong_type", said)]
