"""What the warehouse says of itself is whole: families, views, rows of the answers."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.home import PROJECT
from serving.analytics.catalogue import DIMENSIONS, Catalogue
from serving.analytics.examples import examples


def test_each_family_of_the_project_is_written_down(oddities: duckdb.DuckDBPyConnection) -> None:
    files = (PROJECT / "macros" / "families").glob("*_family.sql")
    names = {file.stem.removesuffix("_family") for file in files}
    rows = oddities.execute("select name from rollups.families").fetchall()
    assert {name for (name,) in rows} == names
    assert len(rows) == len(names)


def test_each_family_is_counted_from_what_is_there(
    oddities: duckdb.DuckDBPyConnection, catalogue: Catalogue
) -> None:
    for family in catalogue.families.values():
        built = oddities.execute(f"describe {family.facts}").fetchall()
        columns = {name for name, *_ in built}
        assert {*family.dimensions, *family.keys} <= columns, family.name
        assert family.at in columns or {"started_at", "ended_at", "duration_ms"} <= columns
        oddities.execute(f"select 1 from {family.facts} where {family.where} limit 0")


@pytest.mark.parametrize("name", examples())
def test_an_answer_shows_what_its_measure_has(catalogue: Catalogue, name: str) -> None:
    measure = catalogue.measures[name]
    has = {*measure.keys, *measure.components, *(["value"] if measure.has_value else [])}
    shown = {part for _, column in measure.answer for part in column.split("/")}
    assert shown <= has
    assert {*measure.fixed_dimensions} <= {*measure.dimensions} <= {*DIMENSIONS.values()}
