"""The page of the API says what is so: its examples, its table of rows, its lists and limits."""

from __future__ import annotations

import csv
import json
import re

import pytest

from serving.analytics import ROW_LIMIT
from serving.analytics.catalogue import DIMENSIONS
from serving.analytics.question import GRANULARITIES, MAX_MEASURES, PAGE_SIZE, PARAMS
from serving.analytics.schema import payload_schema
from tests import doc_pages
from tests.analytics.conftest import Ask
from tests.doc_pages import DOCS, ROOT

PAGE = DOCS / "api_measures.md"
SECTIONS = doc_pages.sections(PAGE)
JSON = [block for block in doc_pages.blocks(PAGE) if block.language == "json"]
EXAMPLES = list(zip(JSON[::2], JSON[1::2], strict=True))


def seed(name: str) -> dict[str, dict[str, str]]:
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["measure_type"]: row for row in csv.DictReader(lines)}


REGISTRY, ANSWERS = seed("measures"), seed("measure_answers")


def spans(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].place)
def test_an_example_is_answered_as_the_page_says(ask: Ask, example: tuple) -> None:
    asked, answered = (json.loads(block.text) for block in example)
    assert ask(asked) == answered
    assert all(one["response"] for one in answered)


def test_the_table_of_rows_is_that_of_the_registry() -> None:
    said = {
        re.match(r"\[(\w+)\]", row[0])[1]: (spans(row[1]), bool(row[2]))
        for row in doc_pages.table(SECTIONS["Rows"])
    }
    wanted = {}
    for name, row in REGISTRY.items():
        answer = ANSWERS.get(name, {})
        own = f"{row['keys']} {row['components']} {'value' if row['value'] else ''}".split()
        shown = [re.sub(r"_(\w)", lambda found: found[1].upper(), column) for column in own]
        if answer.get("columns"):
            shown = [part.split("=")[0] for part in answer["columns"].split()]
        fixed = [
            re.sub(r"_(\w)", lambda found: found[1].upper(), column)
            for column in answer.get("fixed_dimensions", "").split()
        ]
        before = [column for column in fixed if column not in shown]
        wanted[name] = ([*before, *shown], bool(answer.get("values_of")))
    wanted["activeUsers"] = ([], False)
    assert said == wanted


def test_fields_are_those_of_the_payload() -> None:
    told = {name for row in doc_pages.table(SECTIONS["The payload"]) for name in spans(row[0])}
    schema = payload_schema()["properties"]
    fields = {*schema, *schema["measures"]["items"]["properties"]}
    assert told == (fields | {f"params.{name}" for name in PARAMS}) - {"params"}
    text = SECTIONS["The payload"]
    assert [name for name in DIMENSIONS if f"`{name}`" not in text] == []
    assert [name for name in GRANULARITIES if f"`{name}`" not in text] == []
    assert f"one to {MAX_MEASURES} questions" in text
    assert f"| 0, {PAGE_SIZE} |" in text


def test_limits_are_those_of_the_service() -> None:
    assert f"the limit ({ROW_LIMIT})" in SECTIONS["Errors"]
