"""The pages say what is so: examples, registry, columns, reasons and links."""

from __future__ import annotations

import csv
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from orchestration.landing.reasons import REASONS
from tests import doc_pages
from tests.doc_pages import DOCS, ROOT, Block, expected_cell, logged, logged_cell
from tests.oracle.compare import EXPECTED, read_expected
from tests.oracle.contract import header

MEASURES = DOCS / "measures"

with (ROOT / "seeds" / "measures.csv").open(encoding="utf-8", newline="") as lines:
    REGISTRY = {row["relation"]: row for row in csv.DictReader(lines)}

CONTEXTS = {
    "W": "work",
    "A": "assignment",
    "B": "dataset",
    "F": "service",
    "FP": "function",
    "P": "pipeline",
    "M": "model",
}
"""The registry's context groups by the names that the pages use."""


def family_page(measure: str) -> Path:
    return MEASURES / f"{REGISTRY[measure]['family']}.md"


@cache
def measure_sections(page: Path) -> dict[str, str]:
    return doc_pages.sections(page)


def facts_of(measure: str) -> dict[str, str]:
    """What the small table below the measure's heading says."""
    return dict(doc_pages.table(measure_sections(family_page(measure))[measure]))


def spans(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def question(measure: str) -> str:
    """The question that the measure's SQL file opens with."""
    path = ROOT / "models/marts/measures" / REGISTRY[measure]["family"] / f"{measure}.sql"
    comment = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("--"):
            break
        comment.append(line.removeprefix("--").strip())
    return " ".join(comment).split("?")[0] + "?"


# The registry and the pages


@pytest.mark.parametrize("measure", REGISTRY)
def test_page_agrees_with_the_registry(measure: str) -> None:
    row, facts = REGISTRY[measure], facts_of(measure)
    said = {
        "measure_type": spans(facts["API name"])[0],
        "keys": spans(facts["Keys"]),
        "components": spans(facts["Components"]),
        "value": "".join(spans(facts["Value"])),
        "unit": facts["Unit"],
        "additivity": facts["Additivity"],
        "evidence": facts["Evidence"].split(":")[0],
        "context": re.findall(r"\[(\w+)\]", facts["Context"])[0],
    }
    assert said == {
        "measure_type": row["measure_type"],
        "keys": row["keys"].split(),
        "components": row["components"].split(),
        "value": row["value"],
        "unit": row["unit"],
        "additivity": row["additivity"],
        "evidence": row["evidence"],
        "context": CONTEXTS[row["context_group"]],
    }
    assert question(measure) in measure_sections(family_page(measure))[measure]


@pytest.mark.parametrize("measure", REGISTRY)
def test_page_says_what_it_must(measure: str) -> None:
    text = measure_sections(family_page(measure))[measure]
    assert re.match(r"(yes|partly|no): \w", facts_of(measure)["From CVAT"])
    for part in ("**Meaning.**", "**Adding up.** Right:", "Wrong:", "**Example.**"):
        assert part in text, part


CVAT_ORGANIZATIONS = {"1", "2"}
"""The organizations of CVAT's rows in the log of oddities; samples have others."""


@pytest.mark.parametrize("measure", REGISTRY)
def test_what_cvat_gives_is_what_the_page_says(measure: str) -> None:
    with (EXPECTED / f"{measure}.csv").open(encoding="utf-8", newline="") as rows:
        given = any(row.get("org_id") in CVAT_ORGANIZATIONS for row in csv.DictReader(rows))
    assert given == (not facts_of(measure)["From CVAT"].startswith("no:"))


def test_index_lists_the_registry() -> None:
    listed = [
        row for row in doc_pages.table(doc_pages.prose(MEASURES / "README.md")) if row[0].isdigit()
    ]
    assert listed == [
        [
            row["number"],
            f"[{measure}]({row['family']}.md#{measure})",
            f"`{row['measure_type']}`",
            question(measure),
            row["unit"],
            row["additivity"],
            row["evidence"],
            facts_of(measure)["From CVAT"].split(":")[0],
        ]
        for measure, row in REGISTRY.items()
    ]


def test_a_family_page_holds_its_measures_and_no_others() -> None:
    for family in {row["family"] for row in REGISTRY.values()}:
        named = [title for title in measure_sections(MEASURES / f"{family}.md") if "_" in title]
        wanted = [name for name, row in REGISTRY.items() if row["family"] == family]
        assert named == wanted


def test_context_groups_are_those_of_the_relations() -> None:
    section = doc_pages.sections(MEASURES / "README.md")["Context"]
    listed = {row[0]: spans(row[1]) for row in doc_pages.table(section)}
    assert set(listed) == set(CONTEXTS.values())
    for measure, row in REGISTRY.items():
        own = set(row["keys"].split() + row["components"].split())
        found = [c for c in measure_columns()[measure] if c not in own]
        kept = [c for c in listed[CONTEXTS[row["context_group"]]] if c not in own]
        assert [c for c in found if c not in ("time_granularity", "period_start", "value")] == kept


@cache
def measure_columns() -> dict[str, list[str]]:
    found = {}
    for path in (ROOT / "models/marts/measures").rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            found[model["name"]] = [column["name"] for column in model["columns"]]
    return found


# The worked examples


def titled_blocks(kind: str) -> Iterator[tuple[str, Block]]:
    """Yield the CSV blocks of a kind (`log: `, `measures.`) with what they quote."""
    for page in doc_pages.pages():
        for block in doc_pages.blocks(page):
            if block.language == "csv" and block.title.startswith(kind):
                yield block.title.removeprefix(kind), block


def test_every_quoted_line_stands_in_the_log() -> None:
    wrong = []
    quoted = 0
    for name, block in titled_blocks("log: "):
        for row in block.records:
            place = row.pop("line")
            record = logged(name, place)
            assert row, block.place
            quoted += 1
            wrong += [
                f"{block.place}: {name}:{place} has {column} {found!r}, not {said!r}"
                for column, said in row.items()
                for found in [logged_cell(record, column)]
                if found != said
            ]
    assert quoted > len(REGISTRY)
    assert wrong == []


def expected_rows(measure: str, granularities: set[str]) -> list[dict[str, str]]:
    """The expected rows of some granularities, their cells as the pages write them."""
    return [
        {column: expected_cell(measure, column, row[column]) for column in header(measure)}
        for row in read_expected(measure)
        if row["time_granularity"] in granularities
    ]


def must_show(measure: str) -> list[str]:
    """The columns without which a row of the measure says nothing."""
    row = REGISTRY[measure]
    value = ["value"] if row["value"] else []
    return [
        "time_granularity",
        "period_start",
        *f"{row['keys']} {row['components']}".split(),
        *value,
    ]


@pytest.mark.parametrize("measure", REGISTRY)
def test_every_example_row_is_one_expected_row(measure: str) -> None:
    examples = [block for name, block in titled_blocks("measures.") if name == measure]
    assert family_page(measure) in {block.page for block in examples}, "no worked example"
    granularities = {row["time_granularity"] for block in examples for row in block.records}
    expected = expected_rows(measure, granularities)
    for block in examples:
        assert block.records, block.place
        for row in block.records:
            assert set(must_show(measure)) <= set(row), block.place
            matching = [
                found
                for found in expected
                if all(found[column] == cell for column, cell in row.items())
            ]
            assert len(matching) == 1, f"{block.place}: {len(matching)} expected rows are {row}"


def test_every_example_has_its_input_before_it() -> None:
    for page in sorted(MEASURES.glob("*.md")):
        titles = [block.title for block in doc_pages.blocks(page) if block.language == "csv"]
        for before, title in zip(["", *titles], titles, strict=False):
            if title.startswith("measures."):
                assert before.startswith(("log: ", "measures.")), f"{page.name}: {title}"


def test_every_csv_block_says_what_it_quotes() -> None:
    for page in [*MEASURES.glob("*.md"), DOCS / "facts.md", DOCS / "concepts.md"]:
        for block in doc_pages.blocks(page):
            if block.language == "csv":
                assert re.match(r"log: |measures\.|result$", block.title), block.place


# The dictionary of facts and dimensions

DOC_BLOCK = re.compile(r"{% docs (\w+) %}\n(.*?)\n{% enddocs %}", re.DOTALL)
MEANINGS = dict(DOC_BLOCK.findall((ROOT / "models/columns.md").read_text(encoding="utf-8")))


@cache
def described_models(folder: str) -> dict[str, dict[str, str]]:
    """The columns of a folder's relations with what the dbt project says they mean."""
    found = {}
    for path in sorted((ROOT / "models/marts" / folder).rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            found[model["name"]] = {
                column["name"]: re.sub(
                    r"{{ doc\('(\w+)'\) }}", lambda m: MEANINGS[m[1]], column["description"]
                )
                for column in model["columns"]
            }
    return found


def core_models() -> dict[str, dict[str, str]]:
    """The columns of the core relations with what they mean."""
    return described_models("core")


@pytest.mark.parametrize("relation", core_models())
def test_columns_of_the_core_are_those_of_the_models(relation: str) -> None:
    text = doc_pages.sections(DOCS / "facts.md", level=3)[relation]
    context = re.search(r"^Context: (.+)\.$", text, flags=re.MULTILINE)
    named = spans(context[1]) if context else []
    described = {spans(name)[0]: meaning for name, _, meaning in doc_pages.table(text)}
    columns = core_models()[relation]
    wanted = {column: columns[column] for column in columns if column not in named}
    differences = [f"add | `{c}` | <type> | {m} |" for c, m in wanted.items() - described.items()]
    differences += [f"drop | `{c}` | {m} |" for c, m in described.items() - wanted.items()]
    assert differences == []
    assert list(described) == list(wanted)
    assert named == [c for c in columns if c in named]
    assert set(named) <= set(dimensions())


def dimensions() -> dict[str, str]:
    """The context dimensions and what facts.md says of them."""
    section = doc_pages.sections(DOCS / "facts.md")["Context dimensions"]
    return {spans(name)[0]: meaning for name, _, meaning in doc_pages.table(section)}


def test_context_dimensions_are_the_seventeen_of_events() -> None:
    said = dimensions()
    assert len(said) == 17
    assert said == {c: core_models()["fct_events"][c] for c in said}


def test_no_core_relation_is_left_out() -> None:
    named = [t for t in doc_pages.sections(DOCS / "facts.md", level=3) if "_" in t]
    assert sorted(named) == sorted(core_models())


# The reports

REPORTS = {path.stem: path for path in sorted((ROOT / "models/marts/reports").rglob("*.sql"))}
DASHBOARDS = {
    name: path.parent.name for name, path in REPORTS.items() if "dashboards" in path.parts
}


def meanings(text: str) -> dict[str, str]:
    """The columns that a text's tables list, and what they say they mean."""
    return {spans(name)[0]: meaning for name, _, meaning in doc_pages.table(text)}


@pytest.mark.parametrize("relation", DASHBOARDS)
def test_columns_of_a_dashboard_are_those_of_the_models(relation: str) -> None:
    filters = meanings(doc_pages.sections(DOCS / "reports/README.md")["Filters"])
    section = doc_pages.sections(DOCS / "reports" / f"{DASHBOARDS[relation]}.md")[relation]
    columns = described_models("reports/dashboards")[relation]
    own = meanings(section)
    # Time has no event's source and scope, but those of the row that tells of it.
    told = {"source", "scope"} if relation == "working_time" else set()
    assert {c: filters[c] for c in filters if c not in told} == {
        c: columns[c] for c in filters if c not in told
    }
    assert list(own.items()) == [(c, m) for c, m in columns.items() if c not in filters]


def test_columns_of_reports_on_work_are_those_of_the_models() -> None:
    text = doc_pages.sections(DOCS / "reports/performance.md")
    for relation, columns in described_models("reports/performance").items():
        assert meanings(text[relation]).items() >= columns.items(), relation


def test_every_panel_is_listed_with_its_relation() -> None:
    rows = doc_pages.table(doc_pages.prose(DOCS / "reports/README.md"))
    panels = [row for row in rows if len(row) == 5]
    assert len(panels) == 13
    assert {spans(row[2])[0] for row in panels} == set(DASHBOARDS)


@pytest.mark.parametrize("relation", REPORTS)
def test_a_page_shows_the_picture_that_the_command_draws(
    relation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(DOCS / "pictures")
    drawn = {
        picture.__name__
        for group in importlib.import_module("reports").GROUPS
        for picture in group.PICTURES
    }
    assert relation in drawn
    picture = DOCS / "pictures/reports" / f"{relation}.png"
    assert 0 < picture.stat().st_size < 60_000
    shown = {
        (page.parent / path).resolve()
        for page in sorted((DOCS / "reports").glob("*.md"))
        for path, _ in doc_pages.links(page)
    }
    assert picture in shown


# Other lists and links


def test_reasons_of_quarantine_are_those_of_landing() -> None:
    section = doc_pages.sections(DOCS / "concepts.md")["Quarantine"]
    assert {spans(code)[0]: text for code, text in doc_pages.table(section)} == REASONS


def test_settings_have_the_defaults_of_the_project() -> None:
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    section = doc_pages.sections(DOCS / "facts.md")["Settings"]
    said = {spans(row[0])[0]: spans(row[1])[0] for row in doc_pages.table(section)}
    assert said == {
        name: ", ".join(value) if isinstance(value, list) else str(value).replace("False", "false")
        for name, value in project["vars"].items()
    }


@pytest.mark.parametrize("page", doc_pages.pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_resolve(page: Path) -> None:
    broken = []
    for path, anchor in doc_pages.links(page):
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in doc_pages.anchors(target)
        ):
            broken.append(f"{path}#{anchor}" if anchor else path)
    assert broken == []
