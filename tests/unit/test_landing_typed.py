"""Parquet whose columns have their types lands as the texts of its values would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.home import Home
from orchestration.landing import content, land
from orchestration.landing.schemas import CVAT_COLUMNS, WHOLE_NUMBERS

AT = datetime(2024, 2, 29, 12, 30, 15, 123_999)
LARGEST = 10**12

GOOD: list[dict[str, Any]] = [
    {},
    {"scope": " draw:object ", "obj_name": "", "user_name": "café", "org_slug": " "},
    {"count": 0, "duration": 0, "obj_id": -1, "user_id": -(2**31)},
    {"count": LARGEST, "duration": LARGEST, "project_id": 2**31 - 1},
    {"count": None, "duration": None, "access_token_id": 7},
    {"timestamp": datetime(2000, 1, 1)},
    {"timestamp": datetime(2024, 12, 31, 23, 59, 59, 999_999)},
    {"payload": ""},
    {"payload": ' \r\n\t{"working_time": null}'},
    {"payload": '{"working_time": 0}'},
    {"payload": '{"working_time": "12.3456"}'},
    {"payload": '{"inside": {"working_time": -1}}'},
]
BAD: list[tuple[dict[str, Any], str]] = [
    ({"scope": None}, "missing_scope"),
    ({"scope": ""}, "missing_scope"),
    ({"timestamp": None}, "missing_timestamp"),
    ({"timestamp": datetime(1999, 12, 31, 23, 59, 59)}, "timestamp_out_of_range"),
    ({"timestamp": datetime.now(UTC).replace(tzinfo=None) + timedelta(days=3)}, "timestamp_out"),
    ({"count": -1}, "negative_count"),
    ({"count": LARGEST + 1}, "wrong_type"),
    ({"duration": -1}, "negative_duration"),
    ({"duration": LARGEST + 1}, "wrong_type"),
    ({"payload": "[]"}, "payload_not_object"),
    ({"payload": "{"}, "payload_not_object"),
    ({"payload": '{"working_time": -1}'}, "negative_duration"),
    ({"payload": '{"working_time": "no"}'}, "wrong_type"),
    ({"payload": f'{{"working_time": {LARGEST + 1}}}'}, "wrong_type"),
]
INSTANTS = {
    "us": pa.timestamp("us"),
    "us with a zone": pa.timestamp("us", "UTC"),
    "ms": pa.timestamp("ms"),
    "ms with a zone": pa.timestamp("ms", "Europe/Berlin"),
}


def rows_of(changes: list[dict[str, Any]]) -> dict[str, list]:
    usual = {
        **dict.fromkeys(CVAT_COLUMNS),
        **{"scope": "draw:object", "source": "client", "timestamp": AT, "count": 1},
        **{"duration": 5, "user_id": 3, "user_name": "ann", "payload": '{"a": 1}'},
    }
    return {name: [{**usual, **one}[name] for one in changes] for name in CVAT_COLUMNS}


def write(
    path: Path, changes: list[dict[str, Any]], at: pa.DataType, whole: pa.DataType | None = None
) -> None:
    """Write rows with the columns' own types."""
    columns = {}
    for name, values in rows_of(changes).items():
        if name == "timestamp":
            # Arrow refuses to cut by itself.
            columns[name] = pa.array(values, pa.timestamp("us", at.tz)).cast(at, safe=False)
        elif name in WHOLE_NUMBERS:
            columns[name] = pa.array(values, whole or pa.int64())
        else:
            columns[name] = pa.array(values, pa.string())
    pq.write_table(pa.table(columns), path, store_schema=False)


def write_texts(path: Path, changes: list[dict[str, Any]]) -> None:
    """Write the same rows, all columns text."""
    columns = {
        name: pa.array([None if one is None else str(one) for one in values], pa.string())
        for name, values in rows_of(changes).items()
    }
    pq.write_table(pa.table(columns), path)


def landed(home: Home, relation: str) -> list[tuple]:
    path = home.lake / "*" / f"{relation}.parquet"
    return duckdb.sql(
        f"from read_parquet('{path}', union_by_name = true) select * exclude (file_id) order by all"
        if relation == "cvat_events"
        else f"select file_name, line_number, reason from '{path}' order by all"
    ).fetchall()


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "BLOCK_BYTES", 256)


@pytest.mark.parametrize("at", INSTANTS.values(), ids=INSTANTS.keys())
@pytest.mark.usefixtures("everything_is_large")
def test_good_rows_land_as_their_texts(tmp_path: Path, at: pa.DataType) -> None:
    typed, texts = Home(tmp_path / "typed"), Home(tmp_path / "texts")
    write(tmp_path / "typed.parquet", GOOD, at)
    write_texts(tmp_path / "texts.parquet", GOOD)
    for home, name in ((typed, "typed"), (texts, "texts")):
        (outcome,) = land([tmp_path / f"{name}.parquet"], home)
        assert (outcome.landed, outcome.quarantined) == (len(GOOD), 0)
    found = landed(typed, "cvat_events")
    assert found == landed(texts, "cvat_events")
    assert {row[CVAT_COLUMNS.index("timestamp")] for row in found} == {
        datetime(2024, 2, 29, 12, 30, 15, 123_000),
        datetime(2000, 1, 1),
        datetime(2024, 12, 31, 23, 59, 59, 999_000),
    }


@pytest.mark.usefixtures("everything_is_large")
def test_one_bad_row_is_found_among_good_ones(tmp_path: Path) -> None:
    typed, texts = Home(tmp_path / "typed"), Home(tmp_path / "texts")
    for home in (typed, texts):
        folder = tmp_path / f"log-{home.root.name}"
        folder.mkdir()
        for number, (change, _) in enumerate(BAD, start=10):
            rows = [{}, change, {"user_id": number}]
            if home is typed:
                write(folder / f"{number}.parquet", rows, pa.timestamp("us"))
            else:
                write_texts(folder / f"{number}.parquet", rows)
        outcomes = land([folder], home)
        assert [(one.landed, one.quarantined) for one in outcomes] == [(3, 1)] * len(BAD)
    for number, (_, reason) in enumerate(BAD, start=10):
        (found,) = [row for row in landed(typed, "quarantine") if row[0] == f"{number}.parquet"]
        assert found[1] == 2
        assert found[2].startswith(reason)
    for relation in ("cvat_events", "quarantine"):
        assert landed(typed, relation) == landed(texts, relation)


@pytest.mark.usefixtures("everything_is_large")
def test_files_of_several_shapes_keep_their_order_and_their_rows(tmp_path: Path) -> None:
    home, folder = Home(tmp_path / "home"), tmp_path / "log"
    folder.mkdir()
    shapes = [pa.int32(), pa.int64(), pa.int64(), pa.int32(), None]
    for number, whole in enumerate(shapes):
        rows = [{"obj_id": 10 * number}, {"obj_id": 10 * number + 1}]
        if whole is None:
            write_texts(folder / f"{number}.parquet", rows)
        else:
            large = {} if whole == pa.int32() else {"obj_id": 2**40 + number}
            write(folder / f"{number}.parquet", [*rows, large], pa.timestamp("us"), whole)
    outcomes = land([folder], home)
    assert [one.landed for one in outcomes] == [3, 3, 3, 3, 2]
    (path,) = home.lake.glob("2*/cvat_events.parquet")
    found = duckdb.sql(f"select obj_id, line_number from '{path}'").fetchall()
    assert found == [
        *((0, 1), (1, 2), (None, 3)),
        *((10, 1), (11, 2), (2**40 + 1, 3)),
        *((20, 1), (21, 2), (2**40 + 2, 3)),
        *((30, 1), (31, 2), (None, 3)),
        *((40, 1), (41, 2)),
    ]


@pytest.mark.usefixtures("everything_is_large")
def test_a_file_that_is_gone_after_it_was_read_lands(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for name in ("a", "b"):
        write(tmp_path / f"{name}.parquet", [{"user_name": name}], pa.timestamp("us"))
    outcomes = land(
        [tmp_path / "a.parquet", tmp_path / "b.parquet"], home, report=lambda one: one.path.unlink()
    )
    assert [one.status for one in outcomes] == ["landed", "landed"]
    assert [row[CVAT_COLUMNS.index("user_name")] for row in landed(home, "cvat_events")] == [
        "a",
        "b",
    ]
