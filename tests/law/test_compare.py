"""What `differences` must find."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.law.compare import differences

FILE = """
    create schema core;
    create schema measures;
    create schema staging;
    create schema elsewhere;
    create table core.fct_events as
        select * from (values ('a', 1), ('b', null), ('b', null)) as rows(event_id, duration_ms);
    create view measures.active_users as
        select event_id, count(*) as n from core.fct_events group by event_id;
    create table staging.stg_rows as select 'f1' as file_id, '{load}' as load_id;
    create table elsewhere.notes as select '{load}' as note;
    create table staging.loads_built as select '{load}' as load_id;
"""


def build_file(path: Path, change: str = "", load: str = "1") -> Path:
    with duckdb.connect(str(path)) as file:
        file.execute(FILE.format(load=load) + change)
    return path


def test_equal_files_differ_nowhere_whatever_their_loads_are_called(tmp_path: Path) -> None:
    left = build_file(tmp_path / "left.duckdb")
    right = build_file(tmp_path / "right.duckdb", load="2")
    assert differences(left, right) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "update core.fct_events set duration_ms = 2 where event_id = 'a'",
            ["core.fct_events: 3 rows left, 3 rows right\n"
             "  only left: event_id=a, duration_ms=1\n  only right: event_id=a, duration_ms=2"],
        ),
        (
            "update core.fct_events set duration_ms = 0 where rowid = 1",
            ["core.fct_events: 3 rows left, 3 rows right\n"
             "  only left: event_id=b\n  only right: event_id=b, duration_ms=0"],
        ),
        (
            "delete from core.fct_events where event_id = 'a'",
            ["core.fct_events: 3 rows left, 2 rows right\n"
             "  only left: event_id=a, duration_ms=1",
             "measures.active_users: 2 rows left, 1 rows right\n  only left: event_id=a, n=1"],
        ),
        (
            "insert into core.fct_events values ('b', null)",
            ["core.fct_events: 3 rows left, 4 rows right\n  only right: event_id=b",
             "measures.active_users: 2 rows left, 2 rows right\n"
             "  only left: event_id=b, n=2\n  only right: event_id=b, n=3"],
        ),
        (
            "update staging.stg_rows set file_id = 'f2'",
            ["staging.stg_rows: 1 rows left, 1 rows right\n"
             "  only left: file_id=f1\n  only right: file_id=f2"],
        ),
        ("drop view measures.active_users", ["measures.active_users: missing right"]),
        (
            "create table core.fct_new as select 1 as n",
            ["core.fct_new: missing left"],
        ),
        (
            "alter table staging.stg_rows add column line_number bigint",
            ["staging.stg_rows: columns (('file_id', 'VARCHAR'),) left,"
             " (('file_id', 'VARCHAR'), ('line_number', 'BIGINT')) right"],
        ),
    ],
    ids=("changed", "null is not 0", "missing", "doubled", "staging", "no view", "new", "column"),
)  # fmt: skip
def test_what_differs_is_found_and_shown(tmp_path: Path, change: str, expected: list[str]) -> None:
    left = build_file(tmp_path / "left.duckdb")
    right = build_file(tmp_path / "right.duckdb", change)
    assert differences(left, right) == expected


def test_only_the_named_relation_is_compared(tmp_path: Path) -> None:
    left = build_file(tmp_path / "left.duckdb")
    right = build_file(tmp_path / "right.duckdb", "delete from core.fct_events")
    (found,) = differences(left, right, only="measures.active_users")
    assert found.startswith("measures.active_users: 2 rows left, 0 rows right")


def test_many_rows_are_counted_and_the_first_ones_shown(tmp_path: Path) -> None:
    left = build_file(tmp_path / "left.duckdb")
    change = "insert into core.fct_events select 'x' || n, n from range(10) as numbers(n)"
    right = build_file(tmp_path / "right.duckdb", change)
    events = differences(left, right, shown=2)[0]
    assert events.splitlines()[1:] == [
        "  only right: event_id=x0, duration_ms=0",
        "  only right: event_id=x1, duration_ms=1",
        "  only right: … 8 more",
    ]
