"""What a caller asks: the payload of a query, checked field by field.

A question is about one measure at one granularity. Everything that is wrong with a payload is
refused (400) with a line that names the field.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from serving.analytics.catalogue import DIMENSIONS, Catalogue, Measure, camel
from serving.refusal import Refused

GRANULARITIES = ("second", "minute", "hour", "day", "week", "month")

DIRECTIONS = {"ascending": False, "descending": True}
"""sortDirection -> whether what is greatest comes first."""

PAGE_SIZE = 1000
"""Rows of a page where none is asked for."""

MAX_MEASURES = 100
MAX_VALUES = 10_000
"""Of one dimension of the context."""

LONGEST_NAME = 100
"""Characters of a name that are looked at when a measure is not known."""

FIRST_MS = 0
LAST_MS = 4_102_444_800_000
"""A window lies between 1970 and 2100: what is outside is a mistake of units."""

FIELDS = ("startTime", "endTime", "context", "measures")
MEASURE_FIELDS = ("measureType", "timeGranularity", "sortDirection", "page", "pageSize", "params")
PARAMS = ("groupByFields", "fill", "timezone", "percentiles", "names")


@dataclass(frozen=True)
class Question:
    """One measure at one granularity, over a half-open window of epoch ms."""

    measure: Measure
    granularity: str | None
    start_ms: int
    end_ms: int
    context: dict[str, list[str]]
    """Dimension (as a column) -> the values it may have; those without values are not here."""
    page: int = 0
    page_size: int = PAGE_SIZE
    """0: everything."""
    is_descending: bool | None = None
    """None: as no direction was asked for."""
    group_by: list[str] = field(default_factory=list)
    """Dimensions (as columns) beside the measure's keys."""
    fill: bool = False
    timezone: str | None = None
    percentiles: list[float] = field(default_factory=list)
    names: bool = False


def read_questions(payload: object, catalogue: Catalogue, now_ms: int) -> list[Question]:
    """Return what a payload asks, in its order. Raises Refused (400) naming the wrong field."""
    top = _object(payload, "The body")
    _known(top, FIELDS, "")
    start_ms, end_ms = _window(top, now_ms)
    context = _context(top.get("context"))
    asked = top.get("measures")
    if not isinstance(asked, list) or not asked:
        raise Refused(400, "measures: a list of one or more measures is missing")
    if len(asked) > MAX_MEASURES:
        raise Refused(400, f"measures: {len(asked)} are more than {MAX_MEASURES} at once")
    found: list[Question] = []
    for number, item in enumerate(asked):
        found += _of_measure(item, f"measures[{number}]", catalogue, (start_ms, end_ms), context)
    return found


def _of_measure(
    item: object,
    place: str,
    catalogue: Catalogue,
    window: tuple[int, int],
    context: dict[str, list[str]],
) -> list[Question]:
    asked = _object(item, place)
    _known(asked, MEASURE_FIELDS, f"{place}.")
    measure = _measure(asked.get("measureType"), f"{place}.measureType", catalogue)
    for name in context:
        _dimension_of(measure, camel(name), f"context.{camel(name)}")
    granularities = _granularities(asked.get("timeGranularity"), f"{place}.timeGranularity")
    params = _object(_or(asked.get("params"), {}), f"{place}.params")
    _known(params, PARAMS, f"{place}.params.")
    common: dict[str, Any] = {
        "measure": measure,
        "start_ms": window[0],
        "end_ms": window[1],
        "context": context,
        "page": _whole(_or(asked.get("page"), 0), f"{place}.page"),
        "page_size": _whole(_or(asked.get("pageSize"), PAGE_SIZE), f"{place}.pageSize"),
        "is_descending": _direction(asked.get("sortDirection"), f"{place}.sortDirection"),
        "group_by": _group_by(params.get("groupByFields"), measure, f"{place}.params"),
        "fill": _flag(params.get("fill"), f"{place}.params.fill"),
        "timezone": _timezone(params.get("timezone"), f"{place}.params.timezone"),
        "percentiles": _percentiles(params.get("percentiles"), measure, f"{place}.params"),
        "names": _flag(params.get("names"), f"{place}.params.names"),
    }
    if common["fill"] and measure.additivity in ("state", "extreme"):
        raise Refused(
            400, f"{place}.params.fill: {measure.name} has no zero to fill empty buckets with"
        )
    return [
        Question(granularity=one, **common)
        for one in granularities or [measure.default_granularity]
    ]


def _window(top: Mapping[str, Any], now_ms: int) -> tuple[int, int]:
    if top.get("startTime") is None:
        raise Refused(400, "startTime is missing: epoch milliseconds or an ISO 8601 time")
    start_ms = _instant(top["startTime"], "startTime")
    end_ms = now_ms if top.get("endTime") is None else _instant(top["endTime"], "endTime")
    if start_ms > end_ms:
        what = "endTime" if top.get("endTime") is not None else "now, which endTime is without one"
        raise Refused(400, f"startTime is after {what}")
    return start_ms, end_ms


ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)


def _instant(value: object, place: str) -> int:
    """Return the first whole ms at or after the instant; facts lie on whole ms."""
    if isinstance(value, str) and ISO.fullmatch(value):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            raise Refused(400, f"{place}: {_shown(value)} is no time that there is") from None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        micros = (at - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND
        found = -(-micros // 1000)
    elif _is_number(value) and math.isfinite(value):
        found = math.ceil(value)
    else:
        raise Refused(
            400, f"{place}: {_shown(value)} is neither epoch milliseconds nor an ISO 8601 time"
        )
    if not FIRST_MS <= found <= LAST_MS:
        raise Refused(
            400, f"{place}: {_shown(value)} is outside 1970 to 2100; times are epoch milliseconds"
        )
    return found


_MICROSECOND = datetime.resolution


def _context(value: object) -> dict[str, list[str]]:
    """Return the dimensions that have values, as columns; an empty list is no filter."""
    found = {}
    for name, values in _object(_or(value, {}), "context").items():
        place = f"context.{name}"
        if name not in DIMENSIONS:
            raise Refused(400, f"context: {_shown(name)} is none of {', '.join(DIMENSIONS)}")
        if not isinstance(values, list):
            raise Refused(400, f"{place}: {_shown(values)} is no list of texts")
        for number, one in enumerate(values):
            if not isinstance(one, str):
                raise Refused(400, f"{place}[{number}]: {_shown(one)} is no text")
            if "\0" in one or not _is_encodable(one):
                raise Refused(400, f"{place}[{number}]: {_shown(one)} is no text of an id")
        if len(values) > MAX_VALUES:
            raise Refused(400, f"{place}: {len(values)} values are more than {MAX_VALUES}")
        if values:
            found[DIMENSIONS[name]] = list(dict.fromkeys(values))
    return found


def _measure(value: object, place: str, catalogue: Catalogue) -> Measure:
    if not isinstance(value, str):
        raise Refused(400, f"{place}: {_shown(value)} is not the name of a measure")
    found = catalogue.measures.get(value)
    if found is None:
        # Looking for what is like a text of megabytes would take minutes.
        close = get_close_matches(value[:LONGEST_NAME], catalogue.measures, n=1)
        hint = f"did you mean {close[0]}?" if close else "they are listed in core.measures"
        raise Refused(400, f"{place}: there is no measure {_shown(value)}; {hint}")
    return found


def _granularities(value: object, place: str) -> list[str]:
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    for one in values:
        if not isinstance(one, str) or one not in GRANULARITIES:
            raise Refused(400, f"{place}: {_shown(one)} is none of {', '.join(GRANULARITIES)}")
    return list(dict.fromkeys(values))


def _direction(value: object, place: str) -> bool | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in DIRECTIONS:
        raise Refused(400, f"{place}: {_shown(value)} is none of {', '.join(DIRECTIONS)}")
    return DIRECTIONS[value]


def _group_by(value: object, measure: Measure, place: str) -> list[str]:
    place = f"{place}.groupByFields"
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(400, f"{place}: {_shown(value)} is no list of dimensions")
    return list(
        dict.fromkeys(
            _dimension_of(measure, one, f"{place}[{number}]") for number, one in enumerate(value)
        )
    )


def _dimension_of(measure: Measure, name: object, place: str) -> str:
    """Return the column of a dimension that the measure has."""
    column = DIMENSIONS.get(name) if isinstance(name, str) else None
    if column is None or column not in measure.dimensions:
        has = ", ".join(map(camel, measure.dimensions))
        raise Refused(400, f"{place}: {measure.name} has no {_shown(name)}; it has {has}")
    return column


def _timezone(value: object, place: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in _zones():
        raise Refused(400, f"{place}: {_shown(value)} is no time zone such as Europe/Berlin")
    return value


@cache
def _zones() -> set[str]:
    return available_timezones()


def _percentiles(value: object, measure: Measure, place: str) -> list[float]:
    place = f"{place}.percentiles"
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > 100:
        raise Refused(400, f"{place}: {_shown(value)} is no list of at most 100 numbers")
    for number, one in enumerate(value):
        if not _is_number(one) or not 0 < one < 1:
            raise Refused(400, f"{place}[{number}]: {_shown(one)} is no number between 0 and 1")
    if value and not measure.values_of:
        raise Refused(400, f"{place}: {measure.name} has no durations of single things to rank")
    return list(dict.fromkeys(map(float, value)))


def _whole(value: object, place: str) -> int:
    is_whole = _is_number(value) and math.isfinite(value) and value == int(value)
    if not is_whole or not 0 <= value < 2**31:
        raise Refused(400, f"{place}: {_shown(value)} is no whole number from 0 on")
    return int(value)


def _flag(value: object, place: str) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Refused(400, f"{place}: {_shown(value)} is neither true nor false")
    return value


def _object(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(400, f"{place}: {_shown(value)} is no JSON object")
    return value


def _known(value: Mapping[str, Any], fields: tuple[str, ...], place: str) -> None:
    for name in value:
        if name not in fields:
            raise Refused(400, f"{place}{_shown(name)} is none of {', '.join(fields)}")


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value


def _is_number(value: object) -> bool:
    # In Python a boolean is a number.
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_encodable(text: str) -> bool:
    """Whether the text has no half of a surrogate pair, which JSON can write and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: object) -> str:
    text = repr(value).encode("ascii", "backslashreplace").decode() if value is not None else "null"
    return text if len(text) <= 60 else f"{text[:57]}..."
