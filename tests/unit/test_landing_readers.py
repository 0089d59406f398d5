"""The two readers of text: where DuckDB's is trusted, the exact reader says the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing import content, exact, stage
from orchestration.landing.recognise import Kind
from orchestration.landing.text import Text, joined

COLUMNS = ("scope", "obj_name")
KIND = Kind("cvat_events", "csv", COLUMNS)

FIELDS = st.sampled_from(
    [
        *("", "b", " b ", '""', '" b "', ' "b"', '"b" ', ' "" ', '"b,c"', '"b""c"', 'b"c', '""""'),
        *(
            '"',
            'b"',
            '"b"c',
            ' "b',
            "'",
            "\\",
            '\\"',
            "#",
            "NULL",
            "é\u2028",
            "\ufeff",
            "\t",
            "\x0b",
        ),
        *('"b\nc"', '"\n\n"', ' "\n" ', '" \n""\n"', "b\nc", "\n"),
    ]
)
RECORDS = st.one_of(
    st.lists(FIELDS, min_size=2, max_size=2).map(",".join),
    st.lists(FIELDS, min_size=1, max_size=4).map(",".join),
)
FILES = st.lists(st.lists(RECORDS, max_size=4).map("\n".join), min_size=1, max_size=3)


@contextmanager
def text_of(files: list[str], end: str) -> Iterator[tuple[Path, Text]]:
    """Give the files, numbered, as one regular text."""
    parts = []
    for number, body in enumerate(files):
        data = "\n".join([",".join(COLUMNS), body, "last,record"]).replace("\n", end).encode()
        parts.append((str(number), data, content.scan(data)))
    assert all(scan.is_regular for *_, scan in parts)
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder), joined(Path(folder) / "text", parts)


def fast(text: Text) -> list[tuple] | None:
    """Return what DuckDB's reader makes of a text, None where it is not trusted."""
    query = stage._csv_rows(KIND, text)
    with duckdb.connect() as connection:
        try:
            found = connection.execute(
                f"select file_id, line_number, line_count, {', '.join(COLUMNS)} from ({query})"
                " order by 1, 2"
            ).fetchall()
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            return None
    last = {file_id: start + count - 1 for file_id, start, count, *_ in found}
    if any(last.get(part.file_id) != part.line_count for part in text.parts):
        return None
    return list(map(with_nulls, found))


def with_nulls(row: Sequence[object]) -> tuple:
    """Return a row with null for empty text: landing does not tell them apart."""
    return tuple(None if value == "" else value for value in row)


def by_exact(folder: Path, text: Text) -> tuple[list[tuple], list[tuple]]:
    """Return what the exact reader makes of a text: its records, and the lines that are none."""
    good, bad = folder / "rows.parquet", folder / "rejects.parquet"
    exact.write_csv(text, COLUMNS, good, bad)
    records, rejects = (
        [with_nulls(tuple(row.values())) for row in pq.read_table(path).to_pylist()]
        for path in (good, bad)
    )
    return records, rejects


@settings(max_examples=250, deadline=None, derandomize=True)
@given(files=FILES, end=st.sampled_from(["\n", "\r\n"]))
def test_the_readers_agree(files: list[str], end: str) -> None:
    with text_of(files, end) as (folder, text):
        found = fast(text)
        if found is not None:
            assert by_exact(folder, text) == (found, [])


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (' "b" , "c""d" ', ("b", 'c"d')),
        (" b , c ", (" b ", " c ")),
        ('"b"," c "', ("b", " c ")),
        ('b "c",d', ('b "c"', "d")),
        (' "b\n,c" ,d', ("b\n,c", "d")),
        (' "b" c,d', (' "b" c', "d")),
    ],
)
def test_spaces_around_quotes_do_not_belong_to_the_text(
    record: str, fields: tuple[str, str]
) -> None:
    # The last one DuckDB's reader does not take at all.
    with text_of([record], "\n") as (folder, text):
        records, rejects = by_exact(folder, text)
        assert [row[3:] for row in records] == [fields, ("last", "record")]
        assert rejects == []
        assert fast(text) in (records, None)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(files=FILES)
def test_a_file_of_a_text_is_read_as_alone(files: list[str]) -> None:
    with text_of(files, "\n") as (folder, text):
        records, rejects = by_exact(folder, text)
        alone = [by_exact(folder, one) for one in text.alone()]
        assert records == [row for good, _ in alone for row in good]
        assert rejects == [row for _, bad in alone for row in bad]
