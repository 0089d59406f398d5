"""Sources with a CSV of their own: what recognises them, what becomes of bytes not UTF-8."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import duckdb
import pytest

from orchestration.home import Home
from orchestration.landing import FileOutcome, LandingError, land, retry
from orchestration.landing.quarantine import described

SCORE = 'anna,SYS-A,1,TGT,eng,deu,80,doc-1,False,"[{""severity"": ""minor""}]"'
HEADER = "classification_id,user_name,created_at,metadata,annotations,subject_ids"
TIMES = {"started_at": "2024-03-01T10:00:00.000Z", "finished_at": "2024-03-01T10:00:12.500Z"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def score(start: str = "1700000000", end: str = "1700000030.5") -> bytes:
    return f"{SCORE},{start},{end}\n".encode()


def cell(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return '"' + text.replace('"', '""') + '"'


def classification(
    number: str = "1", *, user: str = "rosa", metadata: object = TIMES, annotations: object = ()
) -> str:
    created = "2024-03-01 10:00:13 UTC"
    return ",".join(map(cell, (number, user, created, metadata, list(annotations), "900")))


def export(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return "".join(line + end for line in (header, *rows)).encode("utf-8", "surrogateescape")


def land_bytes(home: Home, path: Path, data: bytes, **options) -> FileOutcome:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    (outcome,) = land([path], home, **options)
    return outcome


def rows(home: Home, relation: str, columns: str) -> list[tuple]:
    query = f"select {columns} from '{home.lake}/*/{relation}.parquet' order by all"
    return duckdb.sql(query).fetchall()


# --- what a file is ----------------------------------------------------------------------------


def test_scores_land_under_the_name_of_their_source(home, tmp_path):
    outcome = land_bytes(home, tmp_path / "x.csv", score() + score(), source="appraise")
    assert (outcome.status, outcome.landed, outcome.source) == ("landed", 2, "appraise")
    columns = "login, score, epoch_ms(opened_at), epoch_ms(saved_at), line_number"
    assert rows(home, "appraise", columns) == [
        ("anna", 80.0, 1_700_000_000_000, 1_700_000_030_500, line) for line in (1, 2)
    ]


def test_scores_land_out_of_a_folder_with_that_name(home, tmp_path):
    assert land_bytes(home, tmp_path / "appraise" / "x.csv", score()).source == "appraise"


def test_who_forgets_the_name_is_told_it(home, tmp_path):
    outcome = land_bytes(home, tmp_path / "x.csv", score())
    assert outcome.status == "refused"
    assert "--source appraise" in outcome.message


def test_scores_without_error_spans_land(home, tmp_path):
    data = b"anna,SYS-A,1,TGT,eng,deu,80,doc-1,False,1700000000,1700000001\n"
    assert land_bytes(home, tmp_path / "x.csv", data, source="appraise").landed == 1
    assert rows(home, "appraise", "document, error_spans") == [("doc-1", None)]


@pytest.mark.parametrize("source", ["appraise", "zooniverse"])
def test_what_is_something_else_is_refused_by_the_name_of_the_source(home, tmp_path, source):
    for data in (b"name,colour\nann,red\n", b'{"scope": "draw:object"}\n'):
        outcome = land_bytes(home, tmp_path / "x", data, source=source)
        assert outcome.status == "refused"
        assert source in outcome.message.lower()


def test_an_unknown_source_is_answered_with_those_that_are_known(home, tmp_path):
    with pytest.raises(LandingError, match="platform_samples, appraise, zooniverse"):
        land_bytes(home, tmp_path / "x", b"", source="labelbox")


def test_classifications_are_known_by_their_header(home, tmp_path):
    data = b"\xef\xbb\xbf" + export(classification(), end="\r\n")
    outcome = land_bytes(home, tmp_path / "x.csv.gz", gzip.compress(data))
    assert (outcome.status, outcome.landed, outcome.source) == ("landed", 1, "zooniverse")
    columns = "classification_id, user_name, workflow_id, epoch_ms(saved_at), line_number"
    assert rows(home, "zooniverse", columns) == [("1", "rosa", None, 1_709_287_212_500, 2)]


def test_columns_that_nobody_knows_do_not_matter(home, tmp_path):
    # pandas writes the number of the row into a column without a name.
    header = f",{HEADER},LINE_NUMBER,user_ip,mood,Mood"
    data = export("0," + classification() + ",7,10.0.0.1,good,bad", header=header)
    assert land_bytes(home, tmp_path / "x.csv", data).landed == 1
    assert rows(home, "zooniverse", "classification_id, line_number") == [("1", 2)]


def test_a_column_that_stands_twice_is_refused(home, tmp_path):
    outcome = land_bytes(home, tmp_path / "x.csv", export(header=f"{HEADER},user_name"))
    assert outcome.message == "unknown header for zooniverse: user_name stands in it twice"


# --- bytes that are not UTF-8 ------------------------------------------------------------------


def test_a_row_with_such_bytes_lands_and_says_so(home, tmp_path):
    answer = '[{"task": "T0", "value": "Gr\udcfcn"}]'
    bad = classification("1", user="J\udcf6rg").replace('"[]"', cell(answer))
    outcome = land_bytes(home, tmp_path / "x.csv", export(bad, classification("2")))
    assert (outcome.landed, outcome.quarantined) == (2, 0)
    assert outcome.message.endswith(r"; 1 with bytes that are not UTF-8, kept as \xNN")
    columns = "user_name, annotations ->> '$[0].value', not_utf8_columns, not_utf8_text"
    assert rows(home, "zooniverse", columns) == [
        (r"J\xf6rg", r"Gr\xfcn", "user_name, annotations", r"J\xf6rg"),
        ("rosa", None, None, None),
    ]


def test_such_bytes_in_a_bad_row_are_shown(home, tmp_path):
    data = export(classification(user="J\udcf6rg", metadata="none"))
    assert land_bytes(home, tmp_path / "x.csv", data).quarantined == 1
    row, more = described(home, 1)
    assert (row.reason, row.line_number) == ("wrong_type", 2)
    assert r"J\xf6rg" in more.raw_text


# --- what is wrong with a row ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        (("", "1700000001"), "missing_time"),
        (("soon", "1700000001"), "wrong_type"),
        (("900000000", "900000001"), "timestamp_out_of_range"),
        (("1700000001", "1700000000.999"), "end_before_start"),
    ],
)
def test_a_score_with_such_times_is_quarantined(home, tmp_path, times, reason):
    outcome = land_bytes(home, tmp_path / "appraise" / "x", score() + score(*times))
    assert (outcome.landed, outcome.quarantined) == (2, 1)
    assert rows(home, "quarantine", "line_number, reason, unit") == [(2, reason, "record")]


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ("none", "wrong_type"),
        ({}, "missing_time"),
        ({**TIMES, "started_at": "yesterday"}, "wrong_type"),
        ({**TIMES, "finished_at": "2999-01-01T00:00:00Z"}, "timestamp_out_of_range"),
        ({**TIMES, "finished_at": "2024-03-01T09:59:59.999Z"}, "end_before_start"),
    ],
)
def test_a_classification_with_such_metadata_is_quarantined(home, tmp_path, metadata, reason):
    outcome = land_bytes(home, tmp_path / "x", export(classification(metadata=metadata)))
    assert (outcome.landed, outcome.quarantined) == (1, 1)
    assert rows(home, "quarantine", "line_number, reason") == [(2, reason)]


def test_a_mended_score_leaves_quarantine(home, tmp_path):
    land_bytes(home, tmp_path / "appraise" / "x", score("soon"))
    mended = tmp_path / "mended.csv"
    mended.write_bytes(score())
    assert retry(mended, [1], home, source="appraise").numbers == (1,)
    assert rows(home, "appraise", "login") == [("anna",)]
