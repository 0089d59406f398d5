"""The dbt project keeps its own conventions, and the registry of measures agrees with the models.

One build of the log of oddities shows which columns the relations really have; what dbt knows of
the project comes from its manifest.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from orchestration.home import PROJECT
from tests import project

GRANULARITIES = ("second", "minute", "hour", "day", "week", "month")
KEY_TESTS = {"is_key", "unique_combination", "one_row_for_each", "one_row_a_period"}
EVIDENCE = set("DdSPO")

CONTEXT_OF_GROUP = {
    "W": "work",
    "A": "assignment",
    "B": "dataset",
    "F": "service",
    "FP": "function",
    "P": "pipeline",
    "M": "model",
}
"""Context group of the registry -> name of the context in the project's macros."""

NO_KEY = {
    # The same rows as their roll-up under the names of its context, and at second and minute one
    # row for each fact: the measures over them, which are aggregated, are tested.
    "views": re.compile(r"^models/marts/rollups/by_period/"),
    # Between facts and roll-ups: equal changes at one instant are several, and nothing but the
    # number of their rows tells them apart.
    "steps": re.compile(r"^models/marts/rollups/steps/"),
}
"""Models that need no test of a key, each group with its reason."""


def registry() -> list[dict[str, str]]:
    with (PROJECT / "seeds" / "measures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REGISTRY = {row["relation"]: row for row in registry()}


def dimension_names() -> dict[str, list[str]]:
    """Return context -> dimensions, as the project's macro has them."""
    text = (PROJECT / "macros" / "context" / "dimension_names.sql").read_text(encoding="utf-8")
    return ast.literal_eval(
        text[text.index("return({") + len("return(") : text.rindex("[context]")]
    )


@pytest.fixture(scope="module")
def manifest() -> dict:
    return project.whole().writable_manifest().to_dict(omit_none=False)


@pytest.fixture(scope="module")
def models(manifest: dict) -> dict[str, dict]:
    """Model name -> node."""
    nodes = manifest["nodes"].values()
    return {node["name"]: node for node in nodes if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def built_columns(oddities) -> dict[tuple[str, str], list[str]]:
    """(schema, relation) -> its columns in order."""
    found: dict[tuple[str, str], list[str]] = {}
    for schema, relation, column in oddities.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where not internal order by schema_name, table_name, column_index"
    ).fetchall():
        found.setdefault((schema, relation), []).append(column)
    return found


def is_exempt(model: dict) -> bool:
    return any(pattern.search(model["original_file_path"]) for pattern in NO_KEY.values())


def test_each_model_is_described(models: dict[str, dict]):
    assert [name for name, model in models.items() if not model["description"].strip()] == []


def test_each_model_starts_with_what_it_is(models: dict[str, dict]):
    silent = [
        name for name, model in models.items() if not model["raw_code"].lstrip().startswith("-- ")
    ]
    assert silent == []


def test_each_model_has_a_test_of_its_key(manifest: dict, models: dict[str, dict]):
    tested = {
        node["attached_node"].split(".")[-1]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("attached_node")
        and node["test_metadata"]["name"] in KEY_TESTS
    }
    exempt = {name for name, model in models.items() if is_exempt(model)}
    assert models.keys() - tested - exempt == set()
    assert tested & exempt == set()


def test_each_exemption_is_needed(models: dict[str, dict]):
    paths = [model["original_file_path"] for model in models.values()]
    for reason, pattern in NO_KEY.items():
        assert any(pattern.search(path) for path in paths), reason


def test_each_column_is_described(models: dict[str, dict], built_columns):
    wrong = {}
    for name, model in models.items():
        described = {
            column["name"] for column in model["columns"].values() if column["description"].strip()
        }
        built = set(built_columns[model["schema"], name])
        if described != built:
            wrong[name] = {"not described": built - described, "not there": described - built}
    assert wrong == {}


def test_no_model_is_an_orphan(manifest: dict, models: dict[str, dict]):
    used = {
        parent
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for parent in node["depends_on"]["nodes"]
    }
    read_by_people = {"core", "measures", "reports", "quality"}
    orphans = {
        name
        for name, model in models.items()
        if model["unique_id"] not in used and model["schema"] not in read_by_people
    }
    assert orphans == set()


def test_only_staging_and_quality_read_what_was_landed(models: dict[str, dict]):
    readers = {
        model["schema"]
        for model in models.values()
        if any(parent.startswith("source.") for parent in model["depends_on"]["nodes"])
    }
    assert readers == {"staging", "quality"}


def test_folders_are_schemas(models: dict[str, dict]):
    wrong = {}
    for name, model in models.items():
        folder, *rest = Path(model["original_file_path"]).parts[1:-1]
        schema = rest[0] if folder == "marts" else folder
        if schema != model["schema"]:
            wrong[name] = (schema, model["schema"])
    assert wrong == {}


def test_names_tell_the_layer(models: dict[str, dict]):
    prefixes = {
        "staging": ("stg_",),
        "intermediate": ("int_",),
        "core": ("fct_", "dim_"),
    }
    wrong = [
        name
        for name, model in models.items()
        if not name.startswith(prefixes.get(model["schema"], ""))
    ]
    assert wrong == []


def test_registry_has_47_measures():
    rows = registry()
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 48)]
    assert len(REGISTRY) == len({row["measure_type"] for row in rows}) == 47
    assert {row["evidence"] for row in rows} == EVIDENCE
    assert {row["default_granularity"] for row in rows} <= {"", *GRANULARITIES}


def test_each_measure_is_one_file_in_its_family(models: dict[str, dict]):
    folder = PROJECT / "models" / "marts" / "measures"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*.sql")}
    assert files == {f"{row['family']}/{relation}.sql" for relation, row in REGISTRY.items()}
    measures = {name for name, model in models.items() if model["schema"] == "measures"}
    assert measures == REGISTRY.keys()


@pytest.mark.parametrize("measure", REGISTRY)
def test_relation_is_the_measure_type_in_snake_case(measure: str):
    snake_case = re.sub(r"(?=[A-Z])", "_", REGISTRY[measure]["measure_type"]).lower()
    assert snake_case == measure


@pytest.mark.parametrize("measure", REGISTRY)
def test_description_says_what_the_registry_says(models: dict[str, dict], measure: str):
    row = REGISTRY[measure]
    description = " ".join(models[measure]["description"].split())
    assert description.startswith(f"{row['description']}. API name `{row['measure_type']}`;")
    for part in (
        f"built on {row['fact']};",
        f"unit {row['unit']};",
        f"additivity {row['additivity']};",
        f"evidence {row['evidence']} (",
    ):
        assert part in description


@pytest.mark.parametrize("measure", REGISTRY)
def test_columns_are_those_of_the_registry(built_columns, models: dict[str, dict], measure: str):
    row = REGISTRY[measure]
    dimensions = dimension_names()[CONTEXT_OF_GROUP[row["context_group"]]]
    keys = [key for key in row["keys"].split() if key not in dimensions]
    value = ["value"] if row["value"] else []
    expected = [
        *("time_granularity", "period_start"),
        *(*dimensions, *keys, *row["components"].split(), *value),
    ]
    assert built_columns["measures", measure] == expected
    assert list(models[measure]["columns"]) == expected
    assert models[measure]["config"]["contract"]["enforced"]


@pytest.mark.parametrize("measure", REGISTRY)
def test_measure_is_built_on_its_fact(manifest: dict, models: dict[str, dict], measure: str):
    ancestors: set[str] = set()
    waiting = [models[measure]["unique_id"]]
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), []):
            if parent not in ancestors:
                ancestors.add(parent)
                waiting.append(parent)
    assert models[REGISTRY[measure]["fact"]]["unique_id"] in ancestors


@pytest.mark.parametrize("measure", REGISTRY)
def test_relations_of_one_granularity_are_parts_of_the_measure(
    oddities, built_columns, measure: str
):
    counts = Counter(
        dict(
            oddities.execute(
                f"select time_granularity, count(*) from measures.{measure} group by all"
            ).fetchall()
        )
    )
    assert set(counts) == set(GRANULARITIES)
    for granularity in GRANULARITIES:
        schema = f"measures_{granularity}"
        assert built_columns[schema, measure] == built_columns["measures", measure]
        rows, others = oddities.execute(
            f"select count(*), count_if(time_granularity <> '{granularity}')"
            f" from {schema}.{measure}"
        ).fetchone()
        assert (rows, others) == (counts[granularity], 0)


def test_each_granularity_has_all_measures_and_nothing_else(built_columns):
    for granularity in GRANULARITIES:
        relations = {name for schema, name in built_columns if schema == f"measures_{granularity}"}
        assert relations == REGISTRY.keys()


def test_each_report_is_tried_on_rows_that_people_can_check(
    manifest: dict, models: dict[str, dict]
):
    tried = {test["model"] for test in manifest["unit_tests"].values()}
    reports = {name for name, model in models.items() if model["schema"] == "reports"}
    assert reports
    assert reports - tried == set()


def test_each_report_has_the_filters_of_the_dashboards(models: dict[str, dict]):
    text = (PROJECT / "macros" / "reports" / "filters.sql").read_text(encoding="utf-8")
    filters = re.findall(r"'(\w+)'", text)
    assert "user_name" in filters
    dashboards = {
        name: list(model["columns"])
        for name, model in models.items()
        if "/reports/dashboards/" in model["original_file_path"]
    }
    assert len(dashboards) == 12
    for name, columns in dashboards.items():
        assert [column for column in columns if column in filters] == filters, name


def test_analysts_are_shown_to_depend_on_every_measure(manifest: dict):
    exposure = manifest["exposures"]["exposure.annotation_warehouse.measures_in_sql"]
    assert {node.split(".")[-1] for node in exposure["depends_on"]["nodes"]} == set(REGISTRY)
