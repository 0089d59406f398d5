"""Appraise, where people mark errors in translations: the scores of a campaign.

An export has no header. A row is one saved score: who (the login, which is one assignment) saw
which segment of which document, translated by which system, and which errors, from when to when.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.landing import sql
from orchestration.landing.outcome import RefusedError

COLUMNS = (
    "login",
    "system",
    "item",
    "item_type",
    "source_language",
    "target_language",
    "score",
    "document",
    "is_document",
    "error_spans",
    "opened_at",
    "saved_at",
)
"""The columns in their order; `opened_at` and `saved_at` in epoch seconds."""

WITHOUT_SPANS = tuple(name for name in COLUMNS if name != "error_spans")
"""Those of campaigns that ask for scores alone."""

START, END = "the start time", "the end time"

_TIME = {"per_second": 1, "digits": 3}


def columns(records: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the columns of a file by the width of its first records."""
    for known in (COLUMNS, WITHOUT_SPANS):
        if any(len(record) == len(known) for record in records):
            return known
    raise RefusedError(
        f"it is no export of Appraise: its rows have {len(records[0]) if records else 0} columns,"
        f" scores have {len(COLUMNS)} (or {len(WITHOUT_SPANS)} without error spans)"
    )


def looks_so(record: Sequence[str]) -> bool:
    """Say whether a record looks like a score: two times stand at its end."""
    return len(record) in (len(COLUMNS), len(WITHOUT_SPANS)) and all(
        text.replace(".", "", 1).isdecimal() for text in record[-2:]
    )


def checked(records: str, columns: Sequence[str], landed_at: str) -> str:
    """Return raw records typed, with `reason` and `detail` where one cannot be accepted."""
    raw = ", ".join(
        f"nullif({name}, '') as raw_{name}" if name in columns else f"null::varchar as raw_{name}"
        for name in COLUMNS
    )
    same = ", ".join(f"raw_{name} as {name}" for name in COLUMNS[:6])
    array = sql.is_json_array("raw_error_spans")
    wrong = sql.wrong(
        [
            (_untyped("opened_at"), "raw_opened_at", START, "a time"),
            (_untyped("saved_at"), "raw_saved_at", END, "a time"),
            (_untyped("score"), "raw_score", "the score", "a number"),
            (f"not {array}", "raw_error_spans", "the list of errors", "a JSON array"),
        ]
    )
    return f"""
        select
            * exclude (wrong, {", ".join(f"raw_{name}" for name in COLUMNS)}),
            {sql.save_reason(landed_at)} as reason,
            {sql.save_detail(START, END)} as detail,
            null::varchar as raw_text
        from (
            select *, {wrong} as wrong
            from (
                select
                    *, {same},
                    case when isfinite(try_cast(raw_score as double))
                        then try_cast(raw_score as double) end as score,
                    raw_document as document, raw_is_document as is_document,
                    raw_error_spans as error_spans,
                    {sql.instant("raw_opened_at", **_TIME)} as opened_at,
                    {sql.instant("raw_saved_at", **_TIME)} as saved_at
                from (
                    select
                        file_id, line_number, line_count, not_utf8_columns, not_utf8_text, {raw}
                    from ({records})
                )
            )
        )
    """


def _untyped(name: str) -> str:
    return f"raw_{name} is not null and {name} is null"
