"""A payload for each measure that can be tried as it is, made from the registry."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

from orchestration.home import PROJECT

START = "2024-01-01T00:00:00Z"
"""Before everything in the demo's and the tests' logs."""


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Return measure -> payload."""
    values_of = {row["measure_type"]: row["values_of"] for row in _seed("measure_answers")}
    found = {}
    for row in _seed("measures"):
        keys = row["keys"].split()
        asked: dict[str, Any] = {"measureType": row["measure_type"]}
        if row["default_granularity"]:
            asked["timeGranularity"] = "month"
        params: dict[str, Any] = {}
        if row["measure_type"].endswith("ByField"):
            params["groupByFields"] = ["projectId"]
        if values_of.get(row["measure_type"]):
            params["percentiles"] = [0.5, 0.9]
        if {"user_id", "task_id", "label"} & {*keys}:
            params["names"] = True
        found[row["measure_type"]] = {
            "startTime": START,
            "context": {},
            "measures": [asked | ({"params": params} if params else {})],
        }
    return found


def openapi_examples() -> dict[str, dict[str, Any]]:
    """Return the examples as OpenAPI shows them."""
    said = {row["measure_type"]: row["description"] for row in _seed("measures")}
    return {name: {"summary": said[name], "value": value} for name, value in examples().items()}


def _seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
