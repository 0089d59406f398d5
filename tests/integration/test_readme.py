"""The README's questions, asked of the warehouse that `make warehouse` builds."""

from __future__ import annotations

import itertools

import duckdb
import pytest

from tests.doc_pages import ROOT, Block, blocks, shown

README = blocks(ROOT / "README.md")

QUESTIONS = [
    (block, answer)
    for block, answer in itertools.pairwise(README)
    if block.language == "sql" and answer.title == "result of the demo"
]


def test_there_are_five_questions():
    assert len(QUESTIONS) == 5


@pytest.mark.parametrize(
    ("question", "answer"), QUESTIONS, ids=[f"line {block.line_number}" for block, _ in QUESTIONS]
)
def test_the_answer_is_the_one_printed(
    demo_warehouse: duckdb.DuckDBPyConnection, question: Block, answer: Block
):
    found = demo_warehouse.execute(question.text)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, map(shown, row), strict=True)) for row in found.fetchall()]
    assert rows == answer.records
