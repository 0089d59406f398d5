"""dbt's tests fail on the fault that each is there for: a warehouse is spoiled for each of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import duckdb
import pytest

from orchestration.home import Home
from tests import project

DAY = re.compile(r"(\w+) >= cast\('([^']+)' as timestamp\) and \1 < cast\('[^']+' as timestamp\)")
"""What a test of a key says of the one day that it looks at, of a build of everything."""

KEYS = ("is_key", "unique_combination", "one_row_for_each", "one_row_a_period")

NOT_NEGATIVE = {
    "annotator_performance": ["active_ms"],
    "image_times": ["active_ms"],
    "job_rounds": ["wall_clock_ms", "working_ms"],
    "job_stages": ["waiting_ms", "wall_clock_ms", "working_ms"],
    "overlapping_time": ["active_ms", "overlap_ms", "tabs_ms"],
}
"""Reports and their columns that are tested together with the key."""


class Spoiled:
    """A warehouse whose relations can be spoiled, and dbt's tests as SQL."""

    def __init__(self, home: Home) -> None:
        """Compile all of dbt's tests as they run after the home's build."""
        manifest = project.whole()
        compiled = project.invoke(manifest, home, "compile", "--select", "resource_type:test")
        assert compiled.success, project.failures(compiled)
        self.assertions: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        for one in compiled.result.results:
            node = one.node
            if not hasattr(node, "test_metadata"):
                self.assertions[node.name] = node.compiled_code
            elif node.test_metadata.name in KEYS:
                model = manifest.nodes[node.attached_node]
                self.keys[f"{model.schema}.{model.name}"] = node.compiled_code
        self.file = duckdb.connect(str(home.build_file))
        self.file.execute("set timezone = 'UTC'")

    def finds(self, sql: str) -> bool:
        """Return whether a test has something to say."""
        return self.file.execute(sql).fetchone() is not None

    def replace(self, relation: str, sql: str) -> None:
        """Put what the SQL makes of `{old}` in the place of a relation."""
        schema, name = relation.split(".")
        (kind,) = self.file.execute(
            "select table_type from information_schema.tables"
            " where table_schema = ? and table_name = ?",
            [schema, name],
        ).fetchone()
        kind = "view" if kind == "VIEW" else "table"
        self.file.execute(f"alter {kind} {relation} rename to before_{name}")
        self.file.execute(
            f"create {kind} {relation} as {sql.format(old=f'{schema}.before_{name}')}"
        )

    def double(self, relation: str) -> None:
        """Let each row of a relation be there twice."""
        self.replace(relation, "select * from {old} union all select * from {old}")

    def alter(self, relation: str, column: str, value: str, where: str = "true") -> None:
        """Change a column of the rows that a condition names."""
        case = f"case when {where} then {value} else {column} end"
        self.replace(relation, f"select * replace ({case} as {column}) from {{old}}")

    def sums(self, sql: str) -> dict[str, list[str]]:
        """Return relation -> components that a comparison of granularities adds up."""
        found: dict[str, list[str]] = {}
        for relation, component in re.findall(r"'(\w+)\.(\w+)' as component", sql):
            found.setdefault(relation, []).append(component)
        return found

    def unequal(self, sql: str, schema: str, granularity: str) -> dict[str, list[str]]:
        """Spoil all components at one granularity; return which of them are found."""
        here = f"time_granularity = '{granularity}'"
        for relation, components in self.sums(sql).items():
            changes = [
                f"case when {here} then {one} + 1 else {one} end as {one}" for one in components
            ]
            self.replace(
                f"{schema}.{relation}", f"select * replace ({', '.join(changes)}) from {{old}}"
            )
        rows = self.file.execute(f"select distinct component from ({sql})").fetchall()
        named = {component for (component,) in rows}
        return {
            relation: [one for one in components if f"{relation}.{one}" in named]
            for relation, components in self.sums(sql).items()
        }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, oddities_home: Home) -> Iterator[Spoiled]:
    home = Home(tmp_path_factory.mktemp("spoiled"))
    shutil.copytree(oddities_home.root, home.root, dirs_exist_ok=True)
    spoiled = Spoiled(home)
    yield spoiled
    spoiled.file.close()


@pytest.fixture
def warehouse(whole: Spoiled) -> Iterator[Spoiled]:
    """The warehouse as it was built; what a test spoils is undone."""
    whole.file.execute("begin")
    yield whole
    whole.file.execute("rollback")


def test_nothing_is_found_in_what_was_built(warehouse: Spoiled) -> None:
    fine = {"assert_no_value_is_suspect", "assert_scopes_are_known"}
    said = [name for name, sql in warehouse.assertions.items() if warehouse.finds(sql)]
    said += [name for name, sql in warehouse.keys.items() if warehouse.finds(sql)]
    assert set(said) - fine == set()


def test_of_a_whole_build_the_fullest_day_is_looked_at(warehouse: Spoiled) -> None:
    (fullest,) = warehouse.file.execute(
        "select cast(event_day as varchar) from intermediate.int_copies_days"
        " group by event_day order by sum(accepted) desc, event_day desc limit 1"
    ).fetchone()
    days = {day for sql in warehouse.keys.values() for _, day in DAY.findall(sql)}
    assert days == {fullest}
    sql = warehouse.keys["reports.all_events"]
    warehouse.replace(
        "reports.all_events",
        f"select * from {{old}} union all select * from {{old}} where event_at < '{fullest}'",
    )
    assert not warehouse.finds(sql)
    warehouse.file.execute("rollback")
    warehouse.file.execute("begin")
    warehouse.replace(
        "reports.all_events",
        f"select * from {{old}} union all select * from {{old}} where event_at >= '{fullest}'",
    )
    assert warehouse.finds(sql)


def test_rows_that_are_there_twice_are_found(whole: Spoiled) -> None:
    silent = []
    for relation, sql in whole.keys.items():
        # Not every relation has rows on the fullest day of this log.
        on_all_days = DAY.sub("true", sql)
        whole.file.execute("begin")
        if whole.file.execute(f"select count(*) from {relation}").fetchone() != (0,):
            whole.double(relation)
            if not whole.finds(on_all_days):
                silent.append(relation)
        whole.file.execute("rollback")
    assert silent == []


@pytest.mark.parametrize(
    ("report", "column"),
    [(report, column) for report, columns in NOT_NEGATIVE.items() for column in columns],
)
def test_a_report_below_zero_is_found(warehouse: Spoiled, report: str, column: str) -> None:
    warehouse.replace(
        f"reports.{report}",
        f"select * from {{old}} union all by name select cast(-1 as bigint) as {column}",
    )
    assert warehouse.finds(warehouse.keys[f"reports.{report}"])


@pytest.mark.parametrize("granularity", ["hour", "day", "month"])
def test_measures_that_do_not_add_up_are_found(warehouse: Spoiled, granularity: str) -> None:
    # In the newest month of this log not every measure has rows.
    sql, months = re.subn(
        r"period_start >= cast\('[^']+' as timestamp\)",
        "true",
        warehouse.assertions["assert_granularities_agree"],
    )
    assert months == len(warehouse.sums(sql))
    assert warehouse.unequal(sql, "measures", granularity) == warehouse.sums(sql)


@pytest.mark.parametrize("granularity", ["hour", "day", "week", "month"])
def test_families_that_do_not_add_up_are_found(warehouse: Spoiled, granularity: str) -> None:
    sql = warehouse.assertions["assert_families_agree"]
    assert warehouse.unequal(sql, "rollups", granularity) == warehouse.sums(sql)


@pytest.mark.parametrize(
    ("assertion", "relation", "column", "value"),
    [
        ("assert_labelling_measures_agree", "measures.labeling_counters", "user_id", "'x'"),
        *(
            ("assert_labelling_measures_agree", relation, column, f"{column} + 1")
            for relation, column in [
                ("measures.labeling_counters", "created_count"),
                ("measures.labeling_counters", "updated_count"),
                ("measures.labeling_counters", "deleted_count"),
                ("measures.annotation_timeline", "action_count"),
            ]
        ),
        *(
            ("assert_performance_agrees_with_measures", relation, column, f"{column} + 1")
            for relation, column in [
                ("reports.annotator_performance", "active_ms"),
                ("reports.annotator_performance", "created_count"),
                ("reports.annotator_performance", "updated_count"),
                ("reports.annotator_performance", "deleted_count"),
                ("measures.annotation_timeline", "action_count"),
                ("measures.user_stats_activity_time", "duration_ms"),
            ]
        ),
        (
            "assert_performance_agrees_with_measures",
            "reports.annotator_performance",
            "user_id",
            "'x'",
        ),
        ("assert_scopes_are_known", "staging.stg_cvat__events", "scope", "'new:scope'"),
    ],
)
def test_what_does_not_agree_is_found(
    warehouse: Spoiled, assertion: str, relation: str, column: str, value: str
) -> None:
    warehouse.alter(relation, column, value)
    assert warehouse.finds(warehouse.assertions[assertion])
