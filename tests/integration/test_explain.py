"""`warehouse explain`: every number leads back to lines of the log that give it."""

from __future__ import annotations

import random
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from orchestration.cli import main
from orchestration.errors import WarehouseError
from orchestration.explain import events_of, explain_cell, find_cells, find_measure, opened
from orchestration.explain.opened import literal
from orchestration.explain.standing import SHOWN
from orchestration.home import Home
from tests.conftest import BuildWarehouse
from tests.doc_pages import DOCS, blocks
from tests.oracle.compare import LOG, as_text, read_expected
from tests.oracle.contract import CONTRACT, header

CELLS_EACH = 2
"""Random cells of each measure and granularity."""

LINES = {path.name: path.read_text("utf-8").splitlines() for path in LOG.iterdir()}


def file_of(warehouse: duckdb.DuckDBPyConnection) -> Path:
    row = warehouse.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchone()
    assert row
    return Path(row[0])


@pytest.fixture(scope="module")
def engine(oddities_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened(oddities_home.build_file) as engine:
        yield engine


@pytest.fixture
def home(tmp_path: Path, oddities_home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose readers see the log of oddities; its file can be changed."""
    home = Home(tmp_path)
    home.published_file.parent.mkdir()
    shutil.copyfile(oddities_home.build_file, home.published_file)
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    return home


def where(measure: str, row: dict[str, Any]) -> str:
    """Return the condition that selects one row by what it is about, as a person could write it."""
    columns = CONTRACT[measure]
    return " and ".join(
        f"{name} is not distinct from {literal(row[name])}"
        for name in ("period_start", *columns.dims, *columns.keys)
    )


def explained(engine: duckdb.DuckDBPyConnection, name: str, condition: str, granularity: str):
    """Return the one cell's explanation, its facts' rows, and their events by number."""
    (cell,) = find_cells(engine, find_measure(engine, name), condition, granularity)
    found = explain_cell(engine, cell)
    result = engine.execute(f"from {SHOWN} order by n")
    names = [column[0] for column in result.description]
    facts = [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in result.fetchall()]
    return found, facts, events_of(engine, found.fact, SHOWN)


def lines_of(events: tuple) -> set[tuple[str, int]]:
    """Return the places in the log of the copies that count."""
    return {
        (origin.file_name, origin.line_number)
        for event in events
        for origin in event.origins
        if origin.is_accepted
    }


@pytest.mark.parametrize("granularity", ["hour", "day", "month"])
@pytest.mark.parametrize("measure", CONTRACT)
def test_every_measure_leads_back_to_lines_that_give_it(
    engine: duckdb.DuckDBPyConnection, measure: str, granularity: str
) -> None:
    """The rows come from the independent calculation, not from the file."""
    wanted = [row for row in read_expected(measure) if row["time_granularity"] == granularity]
    chosen = random.Random(f"{measure} {granularity}")
    for row in chosen.sample(wanted, min(CELLS_EACH, len(wanted))):
        found, facts, events = explained(engine, measure, where(measure, row), granularity)

        assert found.differences == []
        assert found.recalculated
        for column in header(measure):
            given = found.recalculated[column]
            assert as_text(measure, column, given) == as_text(measure, column, row[column])
        assert len(facts) == found.count
        assert found.count > 0 or row["value"] == 0
        assert found.totals == {name: row[name] for name in found.totals}

        for fact in facts:
            of_one = events[fact.n]
            assert of_one
            for event in of_one:
                assert sum(origin.is_accepted for origin in event.origins) == 1
                for origin in event.origins:
                    line = LINES[origin.file_name][origin.line_number - 1]
                    what = (event.scope or "").split(":")[-1]
                    assert what in line


def test_facts_add_up_by_hand(engine: duckdb.DuckDBPyConnection) -> None:
    """Plain sums over the facts' own columns, without the explanation's."""
    sums = {
        "annotation_timeline": ("action_count", lambda fact: fact.action_count),
        "item_status_timeline": ("status_count", lambda fact: 1),
        "active_users": ("event_count", lambda fact: 1),
        "issue_timeline": ("change_count", lambda fact: 1),
        "issue_per_label": ("issue_count", lambda fact: 1),
        "issue_per_annotator": ("issue_count", lambda fact: 1),
        "issue_counters": ("issue_count", lambda fact: 1),
        "assignment_stats_completed_status": ("item_count", lambda fact: 1),
        "issue_resolve_time": ("duration_ms", lambda fact: fact.duration_ms),
        "execution_duration": ("duration_ms", lambda fact: fact.duration_ms),
        "item_annotation_duration": ("duration_ms", lambda fact: fact.duration_ms or 0),
        "annotation_classify_bulk_time": ("duration_ms", lambda fact: fact.duration_ms),
        "service_queue_size": ("queue_sum", lambda fact: fact.queue_size),
    }
    for measure, (component, part) in sums.items():
        wanted = [row for row in read_expected(measure) if row["time_granularity"] == "month"]
        row = max(wanted, key=lambda row: row[component])
        _, facts, _ = explained(engine, measure, where(measure, row), "month")
        assert sum(part(fact) for fact in facts) == row[component], measure


def test_a_derived_stretch_comes_from_the_client_rows_around_it(engine) -> None:
    _, facts, events = explained(
        engine,
        "userStatsActivityTime",
        "user_id = '7' and item_id = '100:1' and activity_status = 'active'"
        " and period_start = '2024-02-29 09:00:00' and duration_ms = 419999",
        "hour",
    )
    assert [fact.duration_ms for fact in facts] == [110_499, 309_500]
    # The second drawing also stands in the export, as line 5: a copy that does not count.
    assert lines_of(events[facts[0].n]) == {
        ("cvat_export.csv", 3),
        ("cvat_export.csv", 4),
        ("cvat_vector.jsonl", 21),
        ("cvat_export.csv", 8),
    }
    copies = {
        (origin.file_name, origin.line_number, origin.is_accepted)
        for event in events[facts[0].n]
        for origin in event.origins
    }
    assert ("cvat_export.csv", 5, False) in copies


def test_a_replayed_stretch_comes_from_its_batch(engine) -> None:
    _, facts, events = explained(
        engine,
        "userStatsStudioTime",
        "user_id = '9' and assignment_id = '3001' and period_start = '2024-10-27'",
        "day",
    )
    assert [lines_of(events[fact.n]) for fact in facts] == [
        {("client_batches.jsonl", 2)},
        {("client_batches.jsonl", 4)},
    ]


def test_a_save_comes_with_the_drawing_whose_time_it_has(engine) -> None:
    """Every save's time is that of the drawing events listed with it, shared among its objects."""
    seen = 0
    for row in read_expected("annotation_timeline"):
        if row["time_granularity"] != "day" or row["assignment_id"] not in ("1000", "2000"):
            continue
        _, facts, events = explained(
            engine, "annotation_timeline", where("annotation_timeline", row), "day"
        )
        drawn, by_save = {}, {}
        for fact in facts:
            (save,) = [event.event_id for event in events[fact.n] if event.role == "save"]
            by_save[save] = by_save.get(save, 0) + (fact.duration_ms or 0)
            drawn[save] = [event.event_id for event in events[fact.n] if event.role == "drawing"]
        for save, duration_ms in by_save.items():
            total = engine.execute(
                "select coalesce(sum(duration_ms), 0) from warehouse.core.fct_events"
                " where event_id in (select unnest(?))",
                [drawn[save]],
            ).fetchone()
            assert total == (duration_ms,)
            seen += bool(drawn[save])
    assert seen >= 3


def test_days_of_a_time_zone_end_where_its_calendar_says(build_warehouse: BuildWarehouse) -> None:
    """In Berlin 31 March 2024 has 23 hours; 27 October has 25."""
    warehouse = build_warehouse(LOG, variables={"reporting_timezone": "Europe/Berlin"})
    path = file_of(warehouse)
    warehouse.close()
    with opened(path) as engine:
        measure = find_measure(engine, "userStatsStudioTime")
        for condition, hours in (
            ("user_id = '8' and period_start = '2024-03-30 23:00:00'", 23),
            ("user_id = '9' and period_start = '2024-10-26 22:00:00'", 25),
        ):
            cells = find_cells(engine, measure, condition, "day")
            assert cells
            for cell in cells:
                assert (cell.end - cell.start).total_seconds() == 3600 * hours
                assert explain_cell(engine, cell).differences == []


def test_a_number_that_its_facts_do_not_give_ends_with_1(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(home.published_file)) as file:
        file.execute(
            "update rollups.rollup_activity set duration_ms = duration_ms + 1"
            " where time_granularity = 'day'"
        )
    asked = "user_id = '9' and assignment_id = '3001' and period_start = '2024-10-27'"
    command = ["explain", "--measure", "userStatsStudioTime", "--where", asked]
    assert main([*command, "--granularity", "day"]) == 1
    said = capsys.readouterr().err
    assert said == (
        "These 2 facts do not give the row: duration_ms of the facts is 15001, of the row 15002;"
        " value calculated over the facts is 15001, in the row 15002\n"
    )


def examples() -> list[tuple[list[str], list[str]]]:
    """Return the commands of the page on tracing, with the lines that the page shows for them."""
    found = []
    for block in blocks(DOCS / "tracing.md"):
        command, *shown = block.lines
        if command.startswith("$ warehouse explain "):
            while command.endswith("\\"):
                command = command.removesuffix("\\") + shown.pop(0)
            found.append((shlex.split(command)[2:], shown))
    return found


@pytest.mark.parametrize(("command", "shown"), examples())
def test_the_page_shows_what_the_command_prints(
    home: Home, capsys: pytest.CaptureFixture[str], command: list[str], shown: list[str]
) -> None:
    assert main(command) == 0
    assert capsys.readouterr().out.splitlines() == shown


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--measure", "activUsers"], 2, "There is no measure 'activUsers'. Did you mean active"),
        (["--measure", "activeUsers"], 2, "--where selects "),
        (["--measure", "activeUsers", "--where", "nobody = 1"], 2, "--where is not understood: "),
        (["--measure", "activeUsers", "--where", "user_id ="], 2, "--where is not understood: "),
        (["--measure", "activeUsers", "--granularity", "year"], 2, "There is no granularity"),
        (["--measure", "activeUsers", "--limit", "0"], 2, "--limit must be 1 or more"),
        (["--measure", "activeUsers", "--where", "user_id = 'x'"], 1, "active_users has no such"),
        (["--measure", "activeUsers", "--build"], 1, "There is no "),
    ],
)
def test_what_cannot_be_explained_gets_one_line(
    home: Home,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    assert main(["explain", *arguments]) == code
    printed = capsys.readouterr()
    assert printed.err.startswith(said)
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_a_file_that_is_no_warehouse_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other's.duckdb"
    duckdb.connect(str(other)).close()
    with (
        pytest.raises(WarehouseError, match="holds no measures"),
        opened(other) as engine,
    ):
        find_measure(engine, "activeUsers")
    other.write_bytes(b"no database")
    with pytest.raises(WarehouseError, match="cannot be read"), opened(other):
        pass
