"""The SQL on the pages binds against a warehouse, and gives the results shown below it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests import doc_pages
from tests.doc_pages import DOCS, Block, shown


def queries() -> Iterator[tuple[Block, Block | None]]:
    """Yield every SQL block of the pages with the result shown below it, if one is."""
    for page in doc_pages.pages():
        found = doc_pages.blocks(page)
        for number, block in enumerate(found):
            if block.language == "sql":
                after = found[number + 1 : number + 2]
                yield block, after[0] if after and after[0].title == "result" else None


def test_every_query_binds(oddities) -> None:
    asked = 0
    for block, _ in queries():
        for statement in duckdb.extract_statements(block.text):
            if statement.type == duckdb.StatementType.SELECT:
                asked += 1
                try:
                    oddities.execute(f"explain {statement.query}")
                except duckdb.Error as error:
                    pytest.fail(f"{block.place}: {error}")
    assert asked


def test_every_result_is_what_the_query_gives(oddities) -> None:
    compared = 0
    for block, result in queries():
        if result is None:
            continue
        answer = oddities.execute(block.text)
        names = [column[0] for column in answer.description]
        rows = [dict(zip(names, map(shown, row), strict=True)) for row in answer.fetchall()]
        assert rows == result.records, result.place
        assert rows, result.place
        compared += 1
    assert compared


DICTIONARIES = {
    "core": [(DOCS / "facts.md", 3)],
    "reports": [
        (DOCS / "reports" / f"{page}.md", 2)
        for page in ("all_events", "management", "monitoring", "performance")
    ],
}
"""Schema -> the pages that list its columns, and the level of the sections that do."""


@pytest.mark.parametrize("schema", DICTIONARIES)
def test_columns_have_the_types_shown(oddities, schema: str) -> None:
    wrong = []
    sections = (
        section
        for page, level in DICTIONARIES[schema]
        for section in doc_pages.sections(page, level=level).items()
    )
    for relation, text in sections:
        found = dict(
            oddities.execute(
                "select column_name, lower(data_type) from information_schema.columns"
                " where table_schema = ? and table_name = ?",
                [schema, relation],
            ).fetchall()
        )
        if found:
            wrong += [
                f"{relation}.{name}: {found.get(name.strip('`'))}, not {said}"
                for name, said, _ in doc_pages.table(text)
                if found.get(name.strip("`")) != said
            ]
    assert wrong == []
