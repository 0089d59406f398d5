"""Answering a payload of questions about measures: no HTTP here, and no definition of a measure."""

from __future__ import annotations

import time
from typing import Any

import duckdb

from serving.analytics.answers import answer_text, shaped
from serving.analytics.catalogue import Catalogue, camel, catalogue_of
from serving.analytics.measuring import asked_dimensions, measured
from serving.analytics.names import add_names
from serving.analytics.question import Question, read_questions
from serving.analytics.windows import count_of_buckets
from serving.callers.sight import Sight, check_asked
from serving.refusal import Refused

ROW_LIMIT = 100_000
"""Rows of one page at most."""


def answer(
    payload: object,
    sight: Sight,
    warehouse: duckdb.DuckDBPyConnection,
    *,
    row_limit: int = ROW_LIMIT,
    now_ms: int | None = None,
    catalogue: Catalogue | None = None,
) -> list[dict[str, Any]]:
    """Return one object for each measure and granularity, in the order asked.

    `catalogue` is what the warehouse can answer, where the caller knows it already. How long it may
    take is for the caller to limit, who can interrupt the connection.

    Raises Refused: 400 what is wrong with the payload, 403 more than the sight shows, 413 more rows
    than the limit, 503 a publication that cannot be asked.
    """
    catalogue = catalogue or catalogue_of(warehouse)
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    questions = read_questions(payload, catalogue, now_ms)
    for question in questions:
        _check(question, sight, row_limit)
    return [_answer(one, sight, warehouse, catalogue, row_limit) for one in questions]


def _answer(
    question: Question,
    sight: Sight,
    warehouse: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    row_limit: int,
) -> dict[str, Any]:
    steps = measured(warehouse, catalogue, question, sight)
    size = question.page_size or row_limit
    text = answer_text(question, asked_dimensions(question), steps, catalogue)
    found = warehouse.execute(
        f"{text} limit {size + 1} offset {size * question.page}", steps.values
    )
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    has_next = len(rows) > size
    if has_next and not question.page_size:
        raise Refused(
            413,
            f"{question.measure.name} has more than {row_limit} rows here:"
            " ask for pages (pageSize, page), for less time or for fewer things",
        )
    rows = rows[:size]
    if question.names:
        add_names(rows, warehouse)
    return {
        "measureType": question.measure.name,
        "timeGranularity": question.granularity,
        "response": shaped(question, rows),
        "page": question.page,
        "pageSize": question.page_size,
        "hasNext": has_next,
    }


def _check(question: Question, sight: Sight, row_limit: int) -> None:
    for column, values in question.context.items():
        check_asked(sight, column, values, f"context.{camel(column)}")
    if question.page_size > row_limit:
        raise Refused(413, f"pageSize: {question.page_size} is more than {row_limit} rows")
    if question.fill and question.granularity:
        span = (question.start_ms, question.end_ms)
        if count_of_buckets(question.granularity, *span) > row_limit:
            raise Refused(
                413,
                f"params.fill: {question.granularity}s of the whole window are more than"
                f" {row_limit} rows",
            )
