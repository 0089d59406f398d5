"""CVAT events: one typed check for records of CSV, JSON lines and Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orchestration.landing import sql
from orchestration.landing.schemas import AMOUNTS, CVAT_COLUMNS, SCHEMAS, WHOLE_NUMBERS

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_INSTANTS = ("TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP_S", "TIMESTAMP WITH TIME ZONE")

_TYPED = {
    **{
        name: ("'which is not a whole number.'", sql.whole_number(f"raw_{name}"))
        for name in WHOLE_NUMBERS
    },
    **{name: (sql.no_amount(f"raw_{name}"), sql.amount(f"raw_{name}")) for name in AMOUNTS},
    "timestamp": ("'which is not a time.'", sql.instant("raw_timestamp", per_second=1, digits=3)),
}
"""Column -> what a sentence says of a wrong value, and the expression that types it."""


def text_columns(columns: Sequence[str], origin: str) -> str:
    """Return the select list of all columns as text, null where empty or absent: raw_<column>."""
    return ", ".join(
        f"nullif(cast({sql.field(origin, name)} as varchar), '') as raw_{name}"
        if name in columns
        else f"null::varchar as raw_{name}"
        for name in CVAT_COLUMNS
    )


def from_json(lines: str) -> str:
    """Return the raw records of a relation (file_id, line_number, line) of JSON lines."""
    shape = sql.structure(dict.fromkeys(CVAT_COLUMNS, "VARCHAR"))
    return f"""
        select
            file_id, line_number, 1 as line_count, line as raw_text,
            case when not valid then 'not_parseable'
                when not starts_with(ltrim(line, e' \\t\\r'), '{{') then 'not_an_object'
            end as raw_reason,
            {text_columns(CVAT_COLUMNS, "fields")}
        from (
            select
                file_id, line_number, line, json_valid(line) as valid,
                case when json_valid(line) then json_transform(line, {shape}) end as fields
            from ({lines})
        )
    """


def from_table(records: str, columns: Sequence[str], raw_row: str = "null") -> str:
    """Return the raw records of a relation with file_id, line_number, line_count and columns.

    `raw_row` is what quarantine shows as JSON, null where the text is fetched from the file.
    """
    return f"""
        select
            file_id, line_number, line_count, {raw_row} as raw_text, null::varchar as raw_reason,
            {text_columns(columns, "records")}
        from ({records}) as records
    """


def are_typed(types: Mapping[str, str]) -> bool:
    """Return whether columns of these DuckDB types mean the same as the texts of their values."""
    return all(type_ in _own_types(name) for name, type_ in types.items())


def _own_types(name: str) -> Sequence[str]:
    if name in WHOLE_NUMBERS:
        return _INTEGERS
    return _INSTANTS if name == "timestamp" else ("VARCHAR",)


def from_typed(records: str, columns: Sequence[str]) -> str:
    """Return what `checked` makes of records that are all accepted; their columns `are_typed`."""
    values = {
        name: name if name in WHOLE_NUMBERS else f"nullif({sql.name(name)}, '')" for name in columns
    }
    values |= {
        "timestamp": "date_trunc('millisecond', cast(\"timestamp\" as timestamp))",
        "duration": "coalesce(duration, 0)",
    }
    listed = ", ".join(
        f"cast({values.get(name, 'null')} as {SCHEMAS['cvat_events'][name]}) as {sql.name(name)}"
        for name in CVAT_COLUMNS
    )
    return (
        f"select {listed}, file_id, line_number, line_count,"
        " null::varchar as reason, null::varchar as detail, null::varchar as raw_text"
        f" from ({records})"
    )


def accepted(landed_at: str) -> str:
    """Return the SQL of whether `checked` accepts a row of `from_typed` with raw_working_time."""
    within = f"between {sql.EARLIEST} and {sql.latest(landed_at)}"
    amounts = " and ".join(
        f"coalesce({sql.name(name)} between 0 and {sql.LARGEST}, true)" for name in AMOUNTS
    )
    return (
        f'(scope is not null and "timestamp" {within} and {amounts}'
        f" and coalesce({sql.is_json_object('payload')}, true)"
        f" and not {sql.no_working_time('raw_working_time')}"
        " and coalesce(try_cast(raw_working_time as decimal(18, 3)) >= 0, true)) is true"
    )


def checked(raw: str, landed_at: str, raw_text: str = "raw_text::varchar") -> str:
    """Return raw records typed, with `reason` and `detail` where one cannot be accepted.

    `landed_at` is an SQL timestamp, `raw_text` the text of a bad record, worked out for bad
    ones only. Durations are in ms; a missing one is 0.
    """
    typed = ", ".join(f"{typed} as typed_{name}" for name, (_, typed) in _TYPED.items())
    wrong = sql.cases(
        (f"raw_{name} is not null and typed_{name} is null", sql.text(name)) for name in _TYPED
    )
    reason = sql.cases(
        [
            ("raw_reason is not null", "raw_reason"),
            ("raw_scope is null", "'missing_scope'"),
            ("raw_timestamp is null", "'missing_timestamp'"),
            ("wrong_column is not null", "'wrong_type'"),
            (
                f"typed_timestamp < {sql.EARLIEST} or typed_timestamp > {sql.latest(landed_at)}",
                "'timestamp_out_of_range'",
            ),
            ("typed_duration < 0", "'negative_duration'"),
            ("typed_count < 0", "'negative_count'"),
            (f"not {sql.is_json_object('raw_payload')}", "'payload_not_object'"),
            (sql.no_working_time("raw_working_time"), "'wrong_type'"),
            ("try_cast(raw_working_time as decimal(18, 3)) < 0", "'negative_duration'"),
        ]
    )
    wrong_type = sql.cases(
        (
            f"wrong_column = '{name}'",
            f"'{name} is ' || {sql.shown('raw_' + name)} || ', ' || {problem}",
        )
        for name, (problem, _) in _TYPED.items()
    )
    working_time = f"'payload.working_time is ' || {sql.shown('raw_working_time')}"
    detail = sql.cases(
        [
            ("reason = 'not_parseable'", "'The line is not valid JSON.'"),
            ("reason = 'not_an_object'", "'The line is JSON but not an object.'"),
            ("reason = 'missing_scope'", "'The event has no scope.'"),
            ("reason = 'missing_timestamp'", "'The event has no timestamp.'"),
            ("reason = 'wrong_type' and wrong_column is not null", wrong_type),
            ("reason = 'wrong_type'", f"{working_time} || ', which is no time in ms.'"),
            (
                "reason = 'timestamp_out_of_range'",
                "'timestamp is ' || raw_timestamp"
                " || ', before 2000 or more than a day after landing.'",
            ),
            (
                "reason = 'negative_duration' and typed_duration < 0",
                "'duration is ' || typed_duration || ' ms.'",
            ),
            ("reason = 'negative_duration'", f"{working_time} || ' ms.'"),
            ("reason = 'negative_count'", "'count is ' || typed_count || '.'"),
            (
                "reason = 'payload_not_object'",
                f"'payload is ' || {sql.shown('raw_payload')} || ', which is not a JSON object.'",
            ),
        ]
    )
    values = {
        **{name: f"raw_{name}" for name in CVAT_COLUMNS},
        **{name: f"typed_{name}" for name in _TYPED},
        "duration": "coalesce(typed_duration, 0)",
    }
    columns = ", ".join(f"{value} as {sql.name(name)}" for name, value in values.items())
    return f"""
        select
            {columns}, file_id, line_number, line_count, reason,
            {detail} as detail,
            case when reason is not null then {raw_text} end as raw_text
        from (
            select *, {reason} as reason
            from (
                select
                    *, {wrong} as wrong_column,
                    {sql.working_time("raw_payload")} as raw_working_time
                from (select *, {typed} from ({raw}))
            )
        )
    """
