"""How the rows of an answer are ordered, filled and named."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from serving.analytics.catalogue import Catalogue, camel
from serving.analytics.counting import instant
from serving.analytics.measuring import PERCENTILES, Steps
from serving.analytics.names import NAME_COLUMNS
from serving.analytics.question import Question
from serving.analytics.windows import FIXED_MS, Calendar

EPOCH = datetime(1970, 1, 1)
MILLISECOND = timedelta(milliseconds=1)

TIMESTAMP = "period_start"


def is_list_of_values(question: Question) -> bool:
    """Whether the answer is no rows but the values of one column."""
    (name, _), *_ = question.measure.answer
    return name == "*" and question.granularity is None and not question.group_by


def answer_text(
    question: Question, dimensions: list[str], steps: Steps, catalogue: Catalogue
) -> str:
    """Return the query of all rows of an answer in their order.

    Its columns: period_start in a time series, keys and dimensions, what is shown, and percentiles.
    """
    measure = question.measure
    keys = list(dict.fromkeys([*measure.keys, *dimensions]))
    rest = [name for name in measure.components if name not in keys]
    rest += ["value"] if measure.has_value else []
    rest += [PERCENTILES] if question.percentiles else []
    time = [TIMESTAMP] if question.granularity else []
    relation = "measured"
    if question.fill and question.granularity:
        zone = question.timezone or catalogue.reporting_timezone
        steps.texts["filled"] = _filled(question, zone, keys, rest)
        relation = "filled"
    order = _order(question, keys, rest)
    columns = ", ".join(f'"{name}"' for name in [*time, *keys, *rest])
    return f"{steps.text()}\nselect {columns} from {relation} order by {', '.join(order)}"


def shaped(question: Question, rows: list[dict[str, Any]]) -> list[Any]:
    """Return rows as the API shows them: camelCase, times as epoch ms."""
    answer = question.measure.answer
    if is_list_of_values(question):
        return [row[answer[0][1]] for row in rows]
    if answer[0][0] == "*":
        keys, components = question.measure.keys, question.measure.components
        answer = tuple((camel(name), name) for name in (*keys, *components))
    return [_row(question, answer, row) for row in rows]


def _row(
    question: Question, answer: tuple[tuple[str, str], ...], row: dict[str, Any]
) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if question.granularity:
        shown["timestamp"] = _plain(row[TIMESTAMP])
    named = {column for _, column in answer}
    own = {*question.measure.components, "value", TIMESTAMP, PERCENTILES}
    others = {name: value for name, value in row.items() if name not in named | own}
    names = {name: others.pop(name) for name in list(others) if name in NAME_COLUMNS}
    shown |= {camel(name): value for name, value in others.items()}
    for name, column in answer:
        numerator, _, denominator = column.partition("/")
        value = _plain(row[numerator])
        if denominator:
            value = value / row[denominator] if row[denominator] else None
        shown[name] = value
    if question.percentiles:
        ranks = row[PERCENTILES] or [None] * len(question.percentiles)
        shares = map(str, question.percentiles)
        shown[PERCENTILES] = dict(zip(shares, ranks, strict=True))
    return shown | {camel(name): value for name, value in names.items()}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: times as epoch ms, and nothing for what is no number."""
    if isinstance(value, datetime):
        return (value - EPOCH) // MILLISECOND
    return None if isinstance(value, float) and not isfinite(value) else value


def _order(question: Question, keys: list[str], rest: list[str]) -> list[str]:
    """Time, then keys. Without time a direction orders by what was counted."""
    # Numbers within texts, such as most ids, in the order of numbers.
    by_keys = [f"{part} nulls first" for key in keys for part in _natural(key)]
    direction = "desc nulls last" if question.is_descending else "asc nulls last"
    if question.granularity:
        return [f"{TIMESTAMP} {direction}", *by_keys]
    if question.is_descending is None or not rest:
        return [*by_keys, "1"] if by_keys else ["1"]
    counted = "value" if "value" in rest else rest[0]
    return [f'"{counted}" {direction}', *by_keys]


def _natural(key: str) -> list[str]:
    return [f'try_cast(cast("{key}" as varchar) as bigint)', f'"{key}"']


def _filled(question: Question, zone: str, keys: list[str], rest: list[str]) -> str:
    """All buckets of the window for each combination of keys that occurs; counts and sums are 0."""
    measure, granularity = question.measure, question.granularity
    assert granularity is not None
    if granularity in FIXED_MS:
        first = Calendar("UTC").floor(granularity, question.start_ms)
        starts = (
            f"unnest(range({instant(first)}, {instant(question.end_ms)}, interval 1 {granularity}))"
        )
    else:
        buckets = Calendar(zone).buckets(granularity, question.start_ms, question.end_ms)
        epochs = ", ".join(str(one.starts_ms) for one in buckets)
        starts = f"make_timestamp(1000 * unnest([{epochs}]::bigint[]))"
    zeros = set(measure.components) - {PERCENTILES}
    zeros = {name for name in zeros if name.endswith(("_count", "_ms", "_sum"))}
    if measure.has_value and measure.additivity in ("additive", "distinct"):
        zeros.add("value")
    chosen = [f"combinations.{name}" for name in keys]
    chosen += [
        f"coalesce(counted.{name}, 0) as {name}" if name in zeros else f"counted.{name}"
        for name in rest
    ]
    combinations = (
        f"(select distinct {', '.join(keys)} from measured)" if keys else "(select 1 as one)"
    )
    same = "".join(f" and combinations.{k} is not distinct from counted.{k}" for k in keys)
    return (
        f"select {', '.join(['buckets.period_start', *chosen])}"
        f" from (select {starts} as period_start) as buckets"
        f" cross join {combinations} as combinations"
        f" left join measured as counted on buckets.period_start = counted.period_start{same}"
    )
