"""Answers are exact for any window: the same as counting over the facts alone, by plain Python.

`make test` tries some cases of each measure and granularity; QUERY_CASES=1000 a thousand in all.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from serving.analytics.catalogue import Catalogue, Measure, camel
from serving.callers.sight import Sight
from serving.refusal import Refused
from tests.analytics.conftest import Ask
from tests.analytics.direct import MEASURES, Asked, Row, count

GRANULARITIES = (None, "second", "minute", "hour", "day", "week", "month")
COMBINATIONS = [(name, one) for name in MEASURES for one in GRANULARITIES]
CASES = int(os.environ.get("QUERY_CASES", len(COMBINATIONS)))

ZONES = (
    *("UTC", "UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"),
    *("Pacific/Apia", "Australia/Lord_Howe"),
)
TIMES = {
    "activity": ("started_at", "ended_at"),
    "actions": ("action_at",),
    "statuses": ("changed_at",),
    "issues": ("changed_at",),
    "services": ("started_at", "ended_at"),
    "executions": ("changed_at",),
    "metrics": ("measured_at",),
}
HOUR_MS = 3_600_000


@pytest.fixture(scope="session")
def moments(facts: dict[str, list[Row]]) -> list[int]:
    """Return the instants at which something happens: where windows like to be cut wrongly."""
    found = {
        row[column]
        for table, columns in TIMES.items()
        for row in facts[table]
        for column in columns
    }
    return sorted(found)


@pytest.mark.parametrize("case", range(CASES))
def test_answer_is_the_count_over_the_facts(
    case: int,
    ask: Ask,
    facts: dict[str, list[Row]],
    catalogue: Catalogue,
    moments: list[int],
) -> None:
    random = Random(case)
    name, granularity = COMBINATIONS[case % len(COMBINATIONS)]
    measure = catalogue.measures[name]
    asked = random_question(random, measure, granularity, facts, moments)
    sight = Sight(**asked.bounds)
    if asked.bounds.keys() & NOT_BOUND.get(name, set()):
        with pytest.raises(Refused, match="ask somebody who sees all of it") as refused:
            ask(payload(name, asked), sight)
        assert refused.value.status == 403
        return
    (found,) = ask(payload(name, asked), sight)
    wanted = as_answered(measure, asked, count(name, facts, asked))
    assert sorted(map(comparable, found["response"])) == sorted(map(comparable, wanted)), asked


NOT_BOUND = {
    "assignmentStatsCompletedStatus": {"user_id"},
    "assignmentStartTime": {"user_id"},
    "snapshotData": {"user_id", "org_id"},
}
"""Measures of which nobody can say what of them is one person's, or an organization's."""


def random_question(
    random: Random,
    measure: Measure,
    granularity: str | None,
    facts: dict[str, list[Row]],
    moments: list[int],
) -> Asked:
    def edge() -> int:
        at = random.choice(moments) + random.choice(
            (0, 0, 1, -1, random.randrange(-HOUR_MS, HOUR_MS))
        )
        unit = random.choice((1, 1, 1000, HOUR_MS, 24 * HOUR_MS))
        return at - at % unit

    start, end = sorted((edge(), edge()))
    if random.random() < 0.3:
        end = start + random.choice((0, 1, 999, 61_000, 5 * HOUR_MS, 8 * 24 * HOUR_MS))
    dimensions = list(measure.dimensions)
    rows = [row for table in ("actions", "activity", "services", "issues") for row in facts[table]]
    context = {}
    for dimension in random.sample(dimensions, k=random.choice((0, 0, 1, 2))):
        values = sorted({str(row[dimension]) for row in rows if row.get(dimension) is not None})
        context[dimension] = random.sample(values, k=min(len(values), 2)) or ["nobody"]
    bounds = {}
    if random.random() < 0.25:
        for dimension in random.choice((["org_id"], ["user_id"], ["org_id", "user_id"])):
            if dimension not in context:
                values = sorted({str(row[dimension]) for row in rows if row[dimension] is not None})
                bounds[dimension] = random.choice(values)
    return Asked(
        start,
        end,
        granularity or measure.default_granularity,
        random.choice(ZONES),
        context,
        bounds,
        random.sample(dimensions, k=random.choice((0, 0, 1, 2))),
        [0.5, 0.9] if measure.values_of and random.random() < 0.3 else [],
    )


def payload(name: str, asked: Asked) -> dict[str, Any]:
    params: dict[str, Any] = {"groupByFields": [camel(one) for one in asked.group_by]}
    if asked.zone != "UTC":
        params["timezone"] = asked.zone
    if asked.percentiles:
        params["percentiles"] = asked.percentiles
    start = datetime.fromtimestamp(asked.start_ms / 1000, UTC).isoformat()
    measure = {
        "measureType": name,
        "timeGranularity": asked.granularity,
        "pageSize": 0,
        "params": params,
    }
    return {
        "startTime": start if asked.start_ms % 2 else asked.start_ms,
        "endTime": asked.end_ms,
        "context": {camel(name): values for name, values in asked.context.items()},
        "measures": [measure],
    }


KNOWN = {
    "itemAnnotationDuration": {"itemId": "item_id", "duration": "duration_ms"},
    "userStatsStudioTime": {"activityDuration": "duration_ms"},
    "annotationWholeTime": {"totalTime": "duration_ms"},
    "annotationClassifyBulkTime": {"totalTime": "duration_ms"},
    "userStatsActivityTimeByField": {
        "userId": "user_id",
        "activityStatus": "activity_status",
        "duration": "duration_ms",
    },
}
"""Rows that Dataloop documents."""

FIXED = {
    "assignmentStatsCompletedStatus": [
        *("org_id", "project_id", "account_id", "dataset_id", "task_id"),
        *("assignment_id", "ontology_id"),
    ],
    "snapshotData": ["project_id", "dataset_id", "model_id", "snapshot_id"],
}


def as_answered(measure: Measure, asked: Asked, rows: list[Row]) -> list[Any]:
    """Return counted rows as the API shows them."""
    if measure.name == "activeUsers" and asked.granularity is None and not asked.group_by:
        return [row["user_id"] for row in rows]
    found = []
    for row in rows:
        shown: Row = {} if asked.granularity is None else {"timestamp": row["period_start"]}
        if measure.name == "annotationCounters":
            shown |= averages(row)
        elif measure.name in KNOWN:
            shown |= {name: row[column] for name, column in KNOWN[measure.name].items()}
        else:
            own = [*measure.keys, *measure.components, *(["value"] if "value" in row else [])]
            shown |= {camel(column): row[column] for column in own}
        for column in (*asked.group_by, *FIXED.get(measure.name, ())):
            shown[camel(column)] = row[column]
        if asked.percentiles:
            shown["percentiles"] = dict(
                zip(map(str, asked.percentiles), row["percentiles"], strict=True)
            )
        found.append(shown)
    return found


def averages(row: Row) -> Row:
    ms, items, annotations = row["duration_ms"], row["item_count"], row["annotation_count"]
    return {
        "totalTime": ms,
        "avgItemAnnotationTime": ms / items if items else None,
        "avgAnnotationTime": ms / annotations if annotations else None,
        "avgAnnotationCountPerItem": annotations / items if items else None,
    }


def comparable(value: Any) -> str:
    """Return a row as text in which equal rows are equal; numbers to twelve digits."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {comparable(value[key])}" for key in sorted(value)) + "}"
    return f"{value:.12g}" if isinstance(value, int | float) else repr(value)
