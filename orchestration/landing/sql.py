"""Pieces of DuckDB SQL that the typed checks of all sources share.

Each function takes SQL expressions and returns one. Sessions run with time zone UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

EARLIEST = "timestamp '2000-01-01'"

LARGEST = 10**12
"""The largest count, and the largest duration in ms: 31 years. A bound is needed, since a sum that
no integer holds would stop every build; this one leaves room for millions of such rows."""


def text(value: object) -> str:
    """Return the SQL literal of a text or a path."""
    literal = str(value).replace("'", "''")
    return f"'{literal}'"


def name(identifier: str) -> str:
    """Return a quoted identifier."""
    return f'"{identifier}"'


def field(owner: str, key: str) -> str:
    """Return the field of a struct or the column of a table."""
    return f"{owner}.{name(key)}"


def structure(fields: Mapping[str, str]) -> str:
    """Return the structure argument of json_transform as a literal."""
    return text("{" + ", ".join(f'"{key}": "{type_}"' for key, type_ in fields.items()) + "}")


def cases(branches: Iterable[tuple[str, str]], otherwise: str = "null") -> str:
    """Return a CASE of (condition, value) branches, `otherwise` where none holds."""
    branched = " ".join(f"when {when} then {then}" for when, then in branches)
    return f"case {branched} else {otherwise} end"


def whole_number(value: str) -> str:
    """Return text as BIGINT, null where it is not a whole number that fits.

    DuckDB's own cast rounds 5.5 to 6 and reads 0x10 and 1_000. The round trip is the cheap way
    to see that a text is plain digits; the pattern then allows `+5`, `007` and `5.0`.
    """
    number = f"try_cast({value} as bigint)"
    return cases(
        [
            (f"{number}::varchar = {value}", number),
            (f"regexp_full_match({value}, '[+-]?[0-9]+([.]0*)?')", number),
        ]
    )


def amount(value: str) -> str:
    """Return text as the BIGINT of a count or a duration in ms, null where it cannot be one."""
    number = whole_number(value)
    return f"case when {number} <= {LARGEST} then {number} end"


def no_amount(value: str) -> str:
    """Return the end of a sentence: why a text is no count or duration."""
    return (
        f"case when {whole_number(value)} is null then 'which is not a whole number.'"
        f" else 'which is more than {LARGEST:,}.' end"
    )


def instant(value: str, *, per_second: int, digits: int) -> str:
    """Return text as TIMESTAMP, null where it is not a time.

    A text with `-` after four characters is read as ISO 8601, UTC where it names no zone; a
    number counts from the epoch, `per_second` units to the second. What is finer than `digits`
    decimals of a second is cut, in decimals, never rounded. The form is told apart first: a
    cast that fails costs far more than one that does not.
    """
    scale = digits - len(str(per_second)) + 1
    unit_us = 10 ** (6 - digits)
    # Cutting the text and a decimal of 18 digits: one of 38 digits costs 200 times as much.
    exact = (
        f"try_cast(left({value}, strpos({value} || '.', '.') + {scale}) as decimal(18, {scale}))"
    )
    ticks = f"cast({exact}::decimal(38, {scale}) * {10**scale} as bigint)"
    # Far beyond any believed time, and small enough that differences never overflow.
    limit = 3_000_000_000_000 * per_second
    iso = f"make_timestamp(epoch_us(try_cast({value} as timestamptz)))"
    cut = f"date_trunc('millisecond', {iso})" if digits == 3 else iso
    is_iso = f"substr({value}, 5, 1) = '-'"
    return cases(
        [
            (f"{is_iso} and isfinite(try_cast({value} as timestamptz))", cut),
            (is_iso, "null"),
            (
                f"try_cast({value} as double) between -{limit} and {limit}"
                f" and not contains(lower({value}), 'e')",
                f"make_timestamp({ticks} * {unit_us})",
            ),
        ]
    )


def is_json_object(value: str) -> str:
    """Return whether text is a JSON object; null stays null."""
    return f"(json_valid({value}) and {begins_object(value)})"


def begins_object(value: str) -> str:
    """Return whether text that is JSON is an object."""
    # Hardly any begins with a blank, and to cut it off costs as much as to parse it.
    blank = f"starts_with(ltrim({value}, e' \\t\\r\\n'), '{{')"
    return cases([(f"starts_with({value}, '{{')", "true")], blank)


def is_json_array(value: str) -> str:
    """Return whether text is a JSON array; null stays null."""
    return f"(json_valid({value}) and starts_with(ltrim({value}, e' \\t\\r\\n'), '['))"


def wrong(checks: Iterable[tuple[str, str, str, str]]) -> str:
    """Return a sentence on the first check that fails, null where none does.

    A check is (condition under which a value is wrong, the value, its name, what it should be).
    """
    return cases(
        (when, f"'{name} is ' || coalesce({shown(value)}, 'missing') || ', which is not {kind}.'")
        for when, value, name, kind in checks
    )


def save_reason(landed_at: str) -> str:
    """Return why a row with opened_at and saved_at cannot be accepted, null where it can.

    It also has raw_opened_at, raw_saved_at and `wrong`, what else is wrong with it.
    """
    last = latest(landed_at)
    return cases(
        [
            ("wrong is not null", "'wrong_type'"),
            ("raw_opened_at is null or raw_saved_at is null", "'missing_time'"),
            (
                f"least(opened_at, saved_at) < {EARLIEST}"
                f" or greatest(opened_at, saved_at) > {last}",
                "'timestamp_out_of_range'",
            ),
            ("saved_at < opened_at", "'end_before_start'"),
        ]
    )


def save_detail(opened: str, saved: str) -> str:
    """Return the sentence that belongs to that reason; its log calls the times so."""
    return cases(
        [
            ("reason = 'wrong_type'", "wrong"),
            (
                "reason = 'missing_time'",
                f"case when raw_opened_at is null then '{opened} is missing.'"
                f" else '{saved} is missing.' end",
            ),
            (
                "reason = 'timestamp_out_of_range'",
                "'The time ' || raw_opened_at || ' to ' || raw_saved_at"
                " || ' is before 2000 or more than a day after landing.'",
            ),
            (
                "reason = 'end_before_start'",
                f"'{saved} ' || raw_saved_at || ' is before {opened} ' || raw_opened_at || '.'",
            ),
        ]
    )


def working_time(payload: str) -> str:
    """Return the text of `working_time` in a payload, null where there is none."""
    return (
        f"case when contains({payload}, '\"working_time\"') and json_valid({payload})"
        f" then json_extract_string({payload}, '$.working_time') end"
    )


def no_working_time(value: str) -> str:
    """Return whether a text is no working time in ms that staging reads, negative ones aside."""
    return (
        f"({value} is not null"
        f" and not coalesce(try_cast({value} as decimal(18, 3)) <= {LARGEST}, false))"
    )


def shown(value: str) -> str:
    """Return a value as a sentence shows it: quoted, the first 80 characters."""
    return (
        f"case when length({value}) > 80 then '''' || left({value}, 80) || '…'''"
        f" else '''' || {value} || '''' end"
    )


def latest(landed_at: str) -> str:
    """Return the latest time that is believed: a day after landing."""
    return f"({landed_at} + interval 1 day)"


def parquet(*paths: Path) -> str:
    """Return a table function that reads Parquet files of one schema."""
    return f"read_parquet([{', '.join(map(text, paths))}])"
