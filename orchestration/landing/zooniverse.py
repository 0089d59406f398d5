"""Zooniverse, where volunteers classify pictures: the classifications of a project.

The columns differ between projects and over the years, and stand in any order. A row is one
classification; when it began and ended stands inside the JSON of `metadata`.
"""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.landing import sql
from orchestration.landing.outcome import RefusedError

NEEDED = ("classification_id", "metadata", "annotations")
"""The columns that every export has, and that give it away."""

COLUMNS = (
    *NEEDED,
    "user_name",
    "user_id",
    "workflow_id",
    "workflow_name",
    "workflow_version",
    "created_at",
    "gold_standard",
    "expert",
    "subject_data",
    "subject_ids",
)
"""The columns that land. Others are left out, `user_ip` among them: no number needs it."""

START, END = "metadata.started_at", "metadata.finished_at"

_WRITTEN_NA = ("user_id", "created_at", "gold_standard", "expert")
"""Columns in which programs write `NA` for nothing."""


def columns(records: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the columns of a file; those that do not land have a number for a name."""
    header = records[0] if records else ()
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise RefusedError(f"unknown header for zooniverse: missing {', '.join(missing)}")
    twice = sorted(name for name in COLUMNS if header.count(name) > 1)
    if twice:
        raise RefusedError(f"unknown header for zooniverse: {twice[0]} stands in it twice")
    return tuple(
        name if name in COLUMNS else f"column_{place}" for place, name in enumerate(header, start=1)
    )


def looks_so(header: Sequence[str]) -> bool:
    """Say whether a header is that of an export."""
    return all(name in header for name in NEEDED)


def checked(records: str, columns: Sequence[str], landed_at: str) -> str:
    """Return raw records typed, with `reason` and `detail` where one cannot be accepted."""
    raw = ", ".join(
        f"null::varchar as raw_{name}"
        if name not in columns
        else f"case when {name} not in ('', 'NA') then {name} end as raw_{name}"
        if name in _WRITTEN_NA
        else f"nullif({name}, '') as raw_{name}"
        for name in COLUMNS
    )
    same = ", ".join(f"raw_{name} as {name}" for name in COLUMNS if name != "created_at")
    time = {"per_second": 1, "digits": 3}
    json_object = sql.is_json_object("raw_metadata")
    array = sql.is_json_array("raw_annotations")
    wrong = sql.wrong(
        [
            ("raw_classification_id is null", "null", "classification_id", "an id"),
            (f"not coalesce({json_object}, false)", "raw_metadata", "metadata", "a JSON object"),
            (f"not coalesce({array}, false)", "raw_annotations", "annotations", "a JSON array"),
            *(
                (f"raw_{at} is not null and {at} is null", f"raw_{at}", name, "a time")
                for at, name in (("opened_at", START), ("saved_at", END), ("created_at",) * 2)
            ),
        ]
    )
    dropped = [f"raw_{name}" for name in (*COLUMNS, "opened_at", "saved_at")]
    return f"""
        select
            * exclude (wrong, {", ".join(dropped)}),
            {sql.save_reason(landed_at)} as reason,
            {sql.save_detail(START, END)} as detail,
            null::varchar as raw_text
        from (
            select *, {wrong} as wrong
            from (
                select
                    *, {same},
                    {sql.instant("raw_created_at", **time)} as created_at,
                    {sql.instant("raw_opened_at", **time)} as opened_at,
                    {sql.instant("raw_saved_at", **time)} as saved_at
                from (
                    select
                        *,
                        case when json_valid(raw_metadata) then
                            nullif(json_extract_string(raw_metadata, '$.started_at'), '')
                        end as raw_opened_at,
                        case when json_valid(raw_metadata) then
                            nullif(json_extract_string(raw_metadata, '$.finished_at'), '')
                        end as raw_saved_at
                    from (
                        select
                            file_id, line_number, line_count, not_utf8_columns, not_utf8_text,
                            {raw}
                        from ({records})
                    )
                )
            )
        )
    """
