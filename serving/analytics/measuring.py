"""The SQL of one question: the measure's own view over its families' rows of the window."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import duckdb

from serving.analytics.catalogue import Catalogue, Family, camel
from serving.analytics.counting import Narrowing, rows_of
from serving.analytics.question import Question
from serving.analytics.states import state_rows
from serving.analytics.views import Tree, parse
from serving.analytics.windows import Plan, plan, plan_of_facts
from serving.callers.sight import Sight
from serving.refusal import Refused

ISSUE_STATES = "issue_states_by_period"
ITEM_STATES = "item_states_by_period"
PERCENTILES = "percentiles"


@dataclass
class Steps:
    """The steps of a query in their order, and the values of its parameters."""

    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return them as a WITH clause."""
        return "with " + ",\n".join(f"{name} as (\n{text}\n)" for name, text in self.texts.items())


def measured(
    warehouse: duckdb.DuckDBPyConnection, catalogue: Catalogue, question: Question, sight: Sight
) -> Steps:
    """Return steps of which the last, `measured`, holds the answer's rows.

    Its columns: period_start, the dimensions and keys asked for, components, the value, and where
    they were asked for `percentiles`, a list.
    """
    return _Measuring(warehouse, catalogue, question, sight).steps()


def asked_dimensions(question: Question) -> list[str]:
    """Return the dimensions by which a question's rows are told apart, in their usual order."""
    measure = question.measure
    asked = {*measure.keys, *question.group_by, *measure.fixed_dimensions}
    return [name for name in measure.dimensions if name in asked]


class _Measuring:
    def __init__(
        self,
        warehouse: duckdb.DuckDBPyConnection,
        catalogue: Catalogue,
        question: Question,
        sight: Sight,
    ) -> None:
        self._warehouse = warehouse
        self._catalogue = catalogue
        self._question = question
        self._sight = sight
        self._asked = asked_dimensions(question)
        self._steps = Steps()

    def steps(self) -> Steps:
        measure = self._question.measure
        view = self._added_up(self._view(measure.relation))
        self._narrowing = self._narrow(view)
        if self._question.percentiles:
            shares = ", ".join(map(repr, self._question.percentiles))
            ranks = f"select quantile_cont({measure.values_of}, [{shares}]) as {PERCENTILES}"
            view = view.with_items_of(parse(self._warehouse, ranks))
        self._lay_under(view)
        self._steps.texts["measured"] = self._text(view)
        return self._steps

    def _view(self, relation: str) -> Tree:
        """The view of a measure, at the dimensions that were asked for."""
        tree = self._catalogue.views[relation]
        return tree.without_dimensions(set(self._question.measure.dimensions) - {*self._asked})

    def _added_up(self, view: Tree) -> Tree:
        """The view, grouped where it shows rows of a family that add up as they are."""
        sums = [
            f"cast({function}({name}) as bigint) as {name}"
            for _, relation in view.relations
            if relation in self._catalogue.families
            for name, (_, function) in self._catalogue.families[relation].components.items()
        ]
        if view.is_grouped or not sums:
            return view
        return view.added_up(parse(self._warehouse, f"select {', '.join(sums)}"))

    def _text(self, view: Tree) -> str:
        for name in view.steps:
            if name in self._catalogue.families:
                view = view.without_step(name)
        return view.reading_steps(self._steps.texts).text(self._warehouse)

    def _lay_under(self, view: Tree) -> None:
        """Make a step of everything that the view reads but facts and seeds."""
        for schema, name in view.relations:
            if schema == "measures":
                below = self._view(name)
                self._lay_under(below)
                self._steps.texts[name] = self._text(below)
            elif name == ISSUE_STATES:
                self._steps.texts[name] = self._issue_states()
            elif name == ITEM_STATES:
                self._steps.texts["states"] = self._item_states()
                below = self._catalogue.views[name].without_step("states")
                self._steps.texts[name] = self._text(below.without_item("period_end"))
            elif schema == "rollups":
                self._lay_family(self._catalogue.families[name], name, view.mentioned)
        for name in view.steps:
            if name in self._catalogue.families:
                self._lay_family(self._catalogue.families[name], name, view.mentioned)

    def _lay_family(self, family: Family, name: str, needed: Collection[str]) -> None:
        self._check_narrowing(family.columns)
        rows = rows_of(family, self._plan(family), needed, self._asked, self._narrowing)
        self._steps.texts[name] = self._with_granularity(rows)

    def _plan(self, family: Family | None = None) -> Plan:
        asked = self._question
        reporting = self._catalogue.reporting_timezone
        window = (asked.start_ms, asked.end_ms, asked.granularity, asked.timezone or reporting)
        if family is None or family.aggregates or asked.percentiles:
            return plan_of_facts(*window)
        return plan(*window, reporting)

    def _narrow(self, view: Tree) -> Narrowing:
        """What the context asks for and what the caller may see, as one condition.

        A dimension of a measure may be another column of its family: who made the annotation that
        an issue is about stands as user_id.
        """
        allowed = {name: [*values] for name, values in self._question.context.items()}
        allowed.update({name: [value] for name, value in self._sight.bounds().items()})
        narrowed = {}
        for column, values in allowed.items():
            names = [f"{column}_{number}" for number in range(len(values))]
            self._steps.values.update(zip(names, values, strict=True))
            narrowed[view.renamed.get(column, column)] = names
        return Narrowing(narrowed)

    def _check_narrowing(self, columns: Collection[str]) -> None:
        for column in self._narrowing.allowed:
            if column not in columns:
                raise Refused(
                    403,
                    f"{self._question.measure.name} is not known by {camel(column)}, to which what"
                    " you may see is bound: ask somebody who sees all of it",
                )

    def _issue_states(self) -> str:
        dimensions = self._catalogue.families["issue_changes_by_period"].dimensions
        self._check_narrowing(dimensions)
        where = self._narrowing.conditions("contexts")
        columns = [f"contexts.{name}" for name in self._asked]
        changes = (
            f"select {', '.join([*columns, 'status', 'delta', 'changed_at'])}"
            " from rollups.issue_state_deltas as deltas"
            " inner join rollups.issue_contexts as contexts"
            " on deltas.issue_context_key = contexts.issue_context_key"
            + (f" where {' and '.join(where)}" if where else "")
        )
        return self._with_granularity(
            state_rows(changes, self._asked, self._plan(), count="issue_count")
        )

    def _item_states(self) -> str:
        self._check_narrowing(self._question.measure.dimensions)
        where = self._narrowing.conditions()
        kept = (
            " where assignment_key in (select assignment_key from core.fct_item_statuses"
            f" where {' and '.join(where)})"
            if where
            else ""
        )
        changes = (
            f"select assignment_key, status, delta, changed_at from rollups.item_state_deltas{kept}"
        )
        return self._with_granularity(
            state_rows(changes, ["assignment_key"], self._plan(), count="state_count")
        )

    def _with_granularity(self, rows: str) -> str:
        granularity = self._question.granularity or "window"
        return f"select '{granularity}' as time_granularity, * from ({rows})"
