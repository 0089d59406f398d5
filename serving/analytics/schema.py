"""The payload as a JSON schema, for the OpenAPI document. What decides is question.py."""

from __future__ import annotations

from typing import Any

from serving.analytics.catalogue import DIMENSIONS
from serving.analytics.examples import examples
from serving.analytics.question import (
    DIRECTIONS,
    GRANULARITIES,
    MAX_MEASURES,
    MAX_VALUES,
    PAGE_SIZE,
)


def payload_schema() -> dict[str, Any]:
    """Return the schema."""
    instant = {"anyOf": [{"type": "number"}, {"type": "string"}]}
    granularity = {"type": "string", "enum": [*GRANULARITIES]}
    values = {"type": "array", "items": {"type": "string"}, "maxItems": MAX_VALUES}
    params = {
        "groupByFields": {"type": "array", "items": {"type": "string", "enum": [*DIMENSIONS]}},
        "fill": {"type": "boolean"},
        "timezone": {"type": "string", "examples": ["Europe/Berlin"]},
        "percentiles": {
            "type": "array",
            "items": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        },
        "names": {"type": "boolean"},
    }
    measure = {
        "measureType": {"type": "string", "enum": [*examples()]},
        "timeGranularity": {"anyOf": [granularity, {"type": "array", "items": granularity}]},
        "sortDirection": {"type": "string", "enum": [*DIRECTIONS]},
        "page": {"type": "integer", "minimum": 0, "default": 0},
        "pageSize": {"type": "integer", "minimum": 0, "default": PAGE_SIZE},
        "params": _object(params),
    }
    payload = {
        "startTime": {**instant, "description": "Epoch milliseconds or ISO 8601"},
        "endTime": {
            "anyOf": [*instant["anyOf"], {"type": "null"}],
            "description": "Not included; now where it is missing or null",
        },
        "context": _object(dict.fromkeys(DIMENSIONS, values)),
        "measures": {
            "type": "array",
            "items": _object(measure, required=["measureType"]),
            "minItems": 1,
            "maxItems": MAX_MEASURES,
        },
    }
    return _object(payload, required=["startTime", "measures"])


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": required} if required else {})
