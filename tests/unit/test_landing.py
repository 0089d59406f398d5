"""Landing real files: what arrives in the lake, with which types, lines and reasons."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.home import Home
from orchestration.landing import REASONS, LandingError, ensure_lake, land, loads

COLUMNS = (
    "scope,obj_name,obj_id,obj_val,source,timestamp,count,duration,project_id,task_id,job_id,"
    "user_id,user_name,user_email,org_id,org_slug,payload,access_token_id"
)
GOOD = (
    "create:shapes,polygon,,,server,2024-01-01 12:00:00.123000+00:00,3,0,1,2,3,4,ann,a@x.org,"
    ',,"{""request"": {""id"": ""r""}}",'
)
SAMPLE = {
    "startTime": 1711192085748,
    "endTime": 1711192128604,
    "context": {"userId": "u@x.org", "projectId": 7},
    "eventType": "activity",
    "entityType": "activity",
    "action": "active",
    "data": {"surface": "studio"},
}
EVENT = {"scope": "draw:object", "timestamp": "2024-01-01T12:00:00.123456Z", "job_id": 3}
BATCH = {
    "events": [EVENT],
    "previous_event": None,
    "timestamp": "2024-01-01T12:01:00Z",
    "received_at": "2024-01-01T12:01:01.000001Z",
    "user_id": 4,
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def csv_bytes(*records: str, header: str = COLUMNS, end: str = "\r\n") -> bytes:
    return "".join(line + end for line in (header, *records)).encode()


def json_bytes(*lines: object) -> bytes:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    return "".join(f"{text}\n" for text in texts).encode()


def rows(home: Home, relation: str, columns: str = "*") -> list[tuple]:
    path = str(home.lake / "*" / f"{relation}.parquet").replace("'", "''")
    return duckdb.sql(f"select {columns} from '{path}' order by all").fetchall()


def land_bytes(home: Home, tmp_path: Path, data: bytes, name: str = "log", **options):
    path = tmp_path / name
    path.write_bytes(data)
    (outcome,) = land([path], home, **options)
    return outcome


def quarantined(home: Home) -> list[tuple]:
    found = rows(home, "quarantine", "line_number, unit, reason, raw_text")
    assert {reason for _, _, reason, _ in found} <= REASONS.keys()
    return found


# --- each kind lands ---------------------------------------------------------------------------


def test_csv_lands_typed_in_the_order_of_the_contract(home, tmp_path):
    whole_second = GOOD.replace(".123000+00:00", "+00:00")
    outcome = land_bytes(home, tmp_path, csv_bytes(GOOD, whole_second))

    assert (outcome.status, outcome.landed, outcome.quarantined) == ("landed", 2, 0)
    assert (outcome.source, outcome.format) == ("cvat_events", "csv")
    first, second = rows(home, "cvat_events", "* exclude (file_id)")[::-1]
    at = datetime(2024, 1, 1, 12, 0, 0, 123000)
    payload = '{"request": {"id": "r"}}'
    assert first == (
        *("create:shapes", "polygon", None, None, "server", at, 3, 0, 1, 2, 3, 4),
        *("ann", "a@x.org", None, None, payload, None, 2),
    )
    assert (second[5], second[-1]) == (at.replace(microsecond=0), 3)


def test_csv_of_17_columns_and_a_byte_order_mark(home, tmp_path):
    header = COLUMNS.removesuffix(",access_token_id")
    data = b"\xef\xbb\xbf" + csv_bytes(GOOD.removesuffix(","), header=header, end="\n")
    assert land_bytes(home, tmp_path, data).landed == 1
    assert rows(home, "cvat_events", "scope, access_token_id") == [("create:shapes", None)]


def test_equal_events_are_equal_rows_in_every_format(home, tmp_path):
    event = {
        **{"scope": "create:shapes", "obj_name": "polygon", "obj_val": "", "source": "server"},
        **{"timestamp": "1704110400.1239999", "count": 3, "project_id": "1", "task_id": 2},
        **{"job_id": 3.0, "user_id": 4, "user_name": "ann", "user_email": "a@x.org"},
        "payload": '{"request": {"id": "r"}}',
    }
    land_bytes(home, tmp_path, csv_bytes(GOOD), "a.csv")
    land_bytes(home, tmp_path, json_bytes(event), "a.jsonl")
    typed = ", ".join(
        {
            "timestamp": "timestamptz '2024-01-01 12:00:00.123+00' as timestamp",
            "payload": '\'{"request": {"id": "r"}}\' as payload',
            **{
                name: f"{i} as {name}"
                for i, name in enumerate(["project_id", "task_id", "job_id", "user_id"], start=1)
            },
            **{"scope": "'create:shapes' as scope", "obj_name": "'polygon' as obj_name"},
            **{"source": "'server' as source", "count": '3.0 as "count"'},
            **{"user_name": "'ann' as user_name", "user_email": "'a@x.org' as user_email"},
        }.get(name, f"null::integer as {name}")
        for name in COLUMNS.split(",")
    )
    duckdb.sql(f"copy (select {typed}) to '{tmp_path / 'p'}' (format parquet)")
    (outcome,) = land([tmp_path / "p"], home)

    assert (outcome.format, outcome.landed, outcome.quarantined) == ("parquet", 1, 0)
    found = rows(home, "cvat_events", "* exclude (file_id, line_number)")
    assert len(found) == 3
    assert len(set(found)) == 1


def test_json_numbers_may_be_text_and_keys_may_be_absent(home, tmp_path):
    lines = json_bytes(
        {"scope": "a:b", "timestamp": 1733480873.184401, "duration": "12"},
        {"scope": "a:b", "timestamp": "2024-12-06T10:27:53.184999+00:00", "obj_val": {"id": 1}},
    )
    assert land_bytes(home, tmp_path, lines).landed == 2
    at = datetime(2024, 12, 6, 10, 27, 53, 184000)
    assert rows(home, "cvat_events", "line_number, timestamp, duration, obj_val") == [
        (1, at, 12, None),
        (2, at, 0, '{"id":1}'),
    ]


def test_offsets_of_time_are_followed(home, tmp_path):
    record = GOOD.replace("12:00:00.123000+00:00", "12:00:00.123000+02:00")
    land_bytes(home, tmp_path, csv_bytes(record))
    assert rows(home, "cvat_events", "timestamp") == [(datetime(2024, 1, 1, 10, 0, 0, 123000),)]


def test_batch_keeps_order_and_microseconds(home, tmp_path):
    late = {**EVENT, "timestamp": "2024-01-01T11:59:00Z", "payload": {"client_id": "c"}}
    batch = {**BATCH, "events": [EVENT, late], "previous_event": EVENT}
    outcome = land_bytes(home, tmp_path, json_bytes(batch, {**BATCH, "events": []}))

    assert (outcome.source, outcome.landed) == ("cvat_client_batches", 2)
    full, empty = rows(
        home,
        "cvat_client_batches",
        "line_number, received_at, user_id, previous_event.timestamp, events",
    )
    received = datetime(2024, 1, 1, 12, 1, 1, 1)
    at = datetime(2024, 1, 1, 12, 0, 0, 123456)
    assert full[:4] == (1, received, 4, at)
    assert [(event["timestamp"], event["payload"]) for event in full[4]] == [
        (at, None),
        (datetime(2024, 1, 1, 11, 59), '{"client_id":"c"}'),
    ]
    assert empty == (2, received, 4, None, [])


def test_bad_event_leaves_its_batch(home, tmp_path):
    bad = [{"scope": "", "timestamp": EVENT["timestamp"]}, {**EVENT, "duration": -5}, 7]
    batch = {**BATCH, "events": [bad[0], EVENT, *bad[1:]], "previous_event": {"scope": "a:b"}}
    outcome = land_bytes(home, tmp_path, json_bytes(batch))

    assert (outcome.landed, outcome.quarantined) == (1, 0)
    assert "4 events inside of batches quarantined" in str(outcome)
    assert rows(home, "cvat_client_batches", "len(events), previous_event") == [(1, None)]
    assert {(line, unit, reason) for line, unit, reason, _ in quarantined(home)} == {
        (1, "batch_event", "missing_scope"),
        (1, "batch_event", "negative_duration"),
        (1, "batch_event", "not_an_object"),
        (1, "batch_event", "missing_timestamp"),
    }
    texts = {raw for *_, raw in quarantined(home)}
    assert json.dumps(bad[0], separators=(",", ":")) in texts


def test_a_wrong_client_clock_counts_after_the_shift(home, tmp_path):
    old = {**BATCH, "timestamp": "1970-01-01T00:01:00Z"}
    old["events"] = [{**EVENT, "timestamp": "1970-01-01T00:00:30Z"}]
    assert not land_bytes(home, tmp_path, json_bytes(old)).reasons
    assert rows(home, "cvat_client_batches", "len(events)") == [(1,)]


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59Z", 999999999999, -999999999999, 1e300])
def test_times_of_another_age_stop_no_file(home, tmp_path, time):
    far = {**BATCH, "timestamp": "0001-01-01T00:00:00Z", "events": [{**EVENT, "timestamp": time}]}
    outcome = land_bytes(home, tmp_path, json_bytes(far, BATCH))
    assert (outcome.landed, outcome.quarantined) == (2, 0)
    assert rows(home, "cvat_client_batches", "line_number, len(events)") == [(1, 0), (2, 1)]


def test_samples_of_a_line_and_of_an_array(home, tmp_path):
    later = {**SAMPLE, "startTime": "1711192085748.9", "context": {"userId": ""}, "data": None}
    outcome = land_bytes(home, tmp_path, json_bytes(SAMPLE, [later, SAMPLE, 3], []))

    assert (outcome.source, outcome.landed, outcome.quarantined) == ("platform_samples", 4, 1)
    start = datetime(2024, 3, 23, 11, 8, 5, 748000)
    found = rows(home, "platform_samples", "line_number, sample_number, started_at, context, data")
    context = '{"userId":"u@x.org","projectId":7}'
    assert found == [
        (1, 1, start, context, '{"surface":"studio"}'),
        (2, 1, start, '{"userId":""}', None),
        (2, 2, start, context, '{"surface":"studio"}'),
    ]
    assert quarantined(home) == [(2, "sample", "not_an_object", "3")]


def test_old_item_form_is_an_annotation(home, tmp_path):
    old = {"action": "annotation.created", "itemId": "i", "duration": 15, "time": 1711192085748}
    land_bytes(home, tmp_path, json_bytes({**old, "label": "cat"}))
    start = datetime(2024, 3, 23, 11, 8, 5, 748000)
    assert rows(home, "platform_samples", "* exclude (file_id)") == [
        (
            *(start, start, "annotation", "annotation", "created", '{"itemId":"i"}'),
            *('{"duration":15,"label":"cat"}', 1, 1),
        )
    ]


# --- lines -------------------------------------------------------------------------------------


def test_lines_of_quoted_newlines_are_physical(home, tmp_path):
    two_lines = GOOD.replace("ann,", '"an\nn\r\n",')
    bad = GOOD.replace(",3,0,", ",3,-1,").replace("ann,", '"b\nb",')
    outcome = land_bytes(home, tmp_path, csv_bytes(two_lines, GOOD, bad, GOOD, end="\n"))

    assert (outcome.landed, outcome.quarantined) == (4, 1)
    assert rows(home, "cvat_events", "line_number, user_name") == [
        (2, "an\nn\r\n"),
        (5, "ann"),
        (8, "ann"),
    ]
    assert quarantined(home) == [(6, "record", "negative_duration", bad)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_lines_count_as_lines(home, tmp_path, end):
    land_bytes(home, tmp_path, csv_bytes(GOOD, "", GOOD, "  ", end=end), "a.csv")
    event = json.dumps({"scope": "a:b", "timestamp": "1733480873"})
    data = end.join(["", event, "", "  ", event, "", ""]).encode()
    land_bytes(home, tmp_path, data, "b.jsonl")
    found = rows(home, "cvat_events", "scope, line_number")
    assert found == [("a:b", 2), ("a:b", 5), ("create:shapes", 2), ("create:shapes", 4)]
    assert quarantined(home) == []


def test_an_unclosed_quote_costs_one_line(home, tmp_path):
    broken = GOOD.replace("ann,", '"ann,').split('"{')[0] + ","
    outcome = land_bytes(home, tmp_path, csv_bytes(GOOD, broken, GOOD, GOOD, end="\n"))
    assert (outcome.landed, outcome.quarantined) == (4, 1)
    assert rows(home, "cvat_events", "line_number") == [(2,), (4,), (5,)]
    assert quarantined(home) == [(3, "record", "unclosed_quote", broken)]


def test_csv_lines_that_are_no_records(home, tmp_path):
    data = csv_bytes(GOOD, "a,b", GOOD + ",x", 'a,"b"c', "?", GOOD, end="\n")
    data = data.replace(b"?", b"caf\xe9,1")
    outcome = land_bytes(home, tmp_path, data)
    assert (outcome.landed, outcome.quarantined) == (6, 4)
    assert quarantined(home) == [
        (3, "record", "wrong_column_count", "a,b"),
        (4, "record", "wrong_column_count", GOOD + ",x"),
        (5, "record", "not_parseable", 'a,"b"c'),
        (6, "record", "not_utf8", r"caf\xe9,1"),
    ]
    assert rows(home, "cvat_events", "line_number") == [(2,), (7,)]


def test_json_lines_that_are_no_text(home, tmp_path):
    good = json.dumps(SAMPLE).encode()
    outcome = land_bytes(home, tmp_path, b"\n".join([good, b'{"a": "\xff"}', b"{cut", good]))
    assert (outcome.landed, outcome.quarantined) == (4, 2)
    assert quarantined(home) == [
        (2, "sample", "not_utf8", r'{"a": "\xff"}'),
        (3, "sample", "not_parseable", "{cut"),
    ]


def test_very_long_lines_land(home, tmp_path):
    long = {"scope": "a:b", "timestamp": "1733480873", "obj_val": "x" * (5 << 20)}
    short = {"scope": "a:c", "timestamp": "1733480873"}
    assert land_bytes(home, tmp_path, json_bytes(long, short)).landed == 2
    assert rows(home, "cvat_events", "line_number, length(obj_val)") == [(1, 5 << 20), (2, None)]


def test_both_readers_agree(home, tmp_path):
    """A bad last line sends a file to the exact reader; the other rows must not change."""
    names = ['" a "', " a ", '"a ""b"" c"', 'a"b', '""', "NULL", '"x\ny"', "é\u2028"]
    odd = [GOOD.replace("ann", name) for name in names]
    good = csv_bytes(*odd, end="\n")
    land_bytes(home, tmp_path, good, "fast.csv")
    land_bytes(home, tmp_path, good + b"bad\n", "exact.csv")
    found = rows(home, "cvat_events", "line_number, user_name, file_id")
    by_file = {file_id: [row[:2] for row in found if row[2] == file_id] for *_, file_id in found}
    first, second = by_file.values()
    assert first == second
    assert [name for _, name in first] == [
        *(" a ", " a ", 'a "b" c', 'a"b', None, "NULL", "x\ny", "é\u2028"),
    ]


# --- reasons -----------------------------------------------------------------------------------

TOMORROW = (datetime.now(UTC) + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("old", "new", "reason", "told"),
    [
        ("create:shapes", "", "missing_scope", "no scope"),
        ("2024-01-01 12:00:00.123000+00:00", "", "missing_timestamp", "no timestamp"),
        ("2024-01-01 12:00:00.123000+00:00", "noon", "wrong_type", "timestamp is 'noon'"),
        ("2024-01-01", "1999-12-31", "timestamp_out_of_range", "1999-12-31"),
        pytest.param(
            *("2024-01-01 12:00:00.123000+00:00", TOMORROW, "timestamp_out_of_range", TOMORROW),
            id="after tomorrow",
        ),
        (",3,0,1", ",3,-1,1", "negative_duration", "-1 ms"),
        (",3,0,1", ",-3,0,1", "negative_count", "-3"),
        (",3,0,1", ",3.5,0,1", "wrong_type", "count is '3.5'"),
        (",3,0,1", ",0x3,0,1", "wrong_type", "count is '0x3'"),
        (",4,ann", ",nan,ann", "wrong_type", "user_id is 'nan'"),
        (",1,2,3", ",1,2,9223372036854775808", "wrong_type", "job_id is"),
        (",3,0,1", ",1000000000001,0,1", "wrong_type", "is more than 1,000,000,000,000."),
        (",3,0,1", ",3,9223372036854775807,1", "wrong_type", "duration is '9223372036854775807'"),
        ('{""request"": {""id"": ""r""}}', "[1]", "payload_not_object", "'[1]'"),
        ('{""request"": {""id"": ""r""}}', "{", "payload_not_object", "'{'"),
    ],
)
def test_reasons_of_records(home, tmp_path, old, new, reason, told):
    record = GOOD.replace(old, new, 1)
    assert record != GOOD
    outcome = land_bytes(home, tmp_path, csv_bytes(GOOD, record))
    assert (outcome.landed, outcome.quarantined, outcome.reasons) == (2, 1, {reason: 1})
    assert quarantined(home) == [(3, "record", reason, record)]
    ((detail,),) = rows(home, "quarantine", "detail")
    assert told in detail


@pytest.mark.parametrize("value", ["70000", "+5", "007", "5.0"])
def test_whole_numbers_in_every_spelling(home, tmp_path, value):
    record = GOOD.replace(",3,0,1", f",{value},0,1")
    assert land_bytes(home, tmp_path, csv_bytes(record)).quarantined == 0
    assert rows(home, "cvat_events", "count") == [(int(float(value)),)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"eventType": "flight"}, "unknown_event_type"),
        ({"eventType": None}, "unknown_event_type"),
        ({"action": "sleeping"}, "unknown_action"),
        ({"startTime": None}, "missing_time"),
        ({"startTime": "soon"}, "wrong_type"),
        ({"startTime": 17}, "timestamp_out_of_range"),
        ({"endTime": 1711192085747}, "end_before_start"),
        ({"context": [1]}, "wrong_type"),
        ({"context": {"taskId": {"id": 1}}}, "wrong_type"),
        ({"data": "studio"}, "wrong_type"),
        ({"eventType": "service", "data": {"queueSize": "many"}}, "wrong_type"),
        ({"eventType": "model_metric", "data": {"y": True}}, "wrong_type"),
        ({"eventType": "model_metric", "data": {"x": "first"}}, "wrong_type"),
        ({"eventType": "execution", "data": {"duration": float("nan")}}, "wrong_type"),
        ({"eventType": "execution", "data": {"functionDuration": 1e9}}, "wrong_type"),
        ({"eventType": "service", "data": {"interval": -1}}, "negative_duration"),
        ({"eventType": "service", "data": {"queueSize": -1}}, "negative_count"),
        ({"eventType": "service", "data": {"numRestarts": -1}}, "negative_count"),
        (
            {"eventType": "assignment", "action": "created", "data": {"totalItems": -1}},
            "negative_count",
        ),
        (
            {"eventType": "annotation", "action": "created", "data": {"bulk": "maybe"}},
            "wrong_type",
        ),
        (
            {"eventType": "annotation", "action": "created", "data": {"count": 1e12 + 1}},
            "wrong_type",
        ),
        ({"eventType": "execution", "data": {"duration": -0.5}}, "negative_duration"),
        (
            {"eventType": "annotation", "action": "created", "data": {"count": -1}},
            "negative_count",
        ),
    ],
)
def test_reasons_of_samples(home, tmp_path, change, reason):
    bad = {**SAMPLE, **change}
    outcome = land_bytes(home, tmp_path, json_bytes(SAMPLE, bad))
    assert (outcome.landed, outcome.quarantined) == (2, 1)
    assert quarantined(home) == [(2, "sample", reason, json.dumps(bad))]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not_parseable"),
        ([1], "not_an_object"),
        ({**BATCH, "events": None}, "missing_events"),
        ({**BATCH, "timestamp": "late"}, "wrong_type"),
        ({**BATCH, "user_id": "ann"}, "wrong_type"),
    ],
)
def test_reasons_of_batches(home, tmp_path, line, reason):
    outcome = land_bytes(home, tmp_path, json_bytes(BATCH, line))
    assert (outcome.landed, outcome.quarantined) == (2, 1)
    text = line if isinstance(line, str) else json.dumps(line)
    assert quarantined(home) == [(2, "batch", reason, text)]


def test_bad_parquet_rows_are_shown_as_json(home, tmp_path):
    table = pa.table({name: pa.array([None], pa.string()) for name in COLUMNS.split(",")})
    pq.write_table(table, tmp_path / "p")
    (outcome,) = land([tmp_path / "p"], home)
    assert (outcome.landed, outcome.quarantined) == (1, 1)
    ((line, unit, reason, raw),) = quarantined(home)
    assert (line, unit, reason) == (1, "record", "missing_scope")
    assert set(json.loads(raw)) == set(COLUMNS.split(","))


# --- files -------------------------------------------------------------------------------------


def zstd(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
@pytest.mark.parametrize("data", [csv_bytes(GOOD), json_bytes(BATCH)])
def test_compressed_files_are_known_by_content(home, tmp_path, pack, data):
    outcome = land_bytes(home, tmp_path, pack(data), "log.txt")
    assert (outcome.status, outcome.landed) == ("landed", 1)


def test_the_same_content_lands_once(home, tmp_path):
    first = land_bytes(home, tmp_path, csv_bytes(GOOD), "a.csv")
    again = land([tmp_path / "a.csv"], home)
    renamed = land_bytes(home, tmp_path, csv_bytes(GOOD), "b.csv")
    assert [first.status, again[0].status, renamed.status] == [
        "landed",
        "already landed",
        "already landed",
    ]
    assert "as a.csv" in str(renamed)
    assert (len(loads(home)), len(rows(home, "cvat_events"))) == (1, 1)


def test_twice_in_one_call_is_once(home, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(csv_bytes(GOOD))
    outcomes = land([tmp_path / "a.csv", tmp_path / "b.csv"], home)
    assert [outcome.status for outcome in outcomes] == ["landed", "already landed"]
    assert len(rows(home, "cvat_events")) == 1


def test_the_manifest_tells_each_file(home, tmp_path):
    data = json_bytes(SAMPLE, "{")
    outcome = land_bytes(home, tmp_path, data, "s.jsonl")
    ((file_name, path, source, form, size, landed, bad, file_id, load),) = rows(
        home,
        "files",
        "file_name, file_path, source, format, byte_count, landed_count, quarantined_count,"
        " file_id, load_id",
    )
    assert (file_name, path) == ("s.jsonl", str(tmp_path / "s.jsonl"))
    assert (source, form, size, landed, bad) == ("platform_samples", "jsonl", len(data), 2, 1)
    assert (file_id, [load]) == (outcome.file_id, loads(home))


@pytest.mark.parametrize(
    "name", ["a 'b' \"c\".csv", "[x]*?.csv", "Ünï ☃.csv", "a\nb", "csv", "%s{}$x.jsonl"]
)
def test_odd_names(home, tmp_path, name):
    outcome = land_bytes(home, tmp_path, csv_bytes(GOOD), name)
    assert outcome.status == "landed"
    assert "\n" not in str(outcome)
    assert rows(home, "files", "file_name") == [(name,)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd])
def test_names_that_are_no_text(home, tmp_path, pack):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    path.write_bytes(pack(csv_bytes(GOOD)))
    (outcome,) = land([path], home)
    assert outcome.status == "landed"
    assert str(outcome).isprintable()
    assert rows(home, "files", "file_name") == [(r"caf\xe9",)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_folders_that_cannot_be_read_are_refused_and_stop_nobody(home, tmp_path):
    folder = tmp_path / "logs"
    (folder / "closed").mkdir(parents=True)
    (folder / "good.csv").write_bytes(csv_bytes(GOOD))
    (folder / "closed").chmod(0)
    closed, good = land([folder], home)
    assert (closed.path.name, closed.status, good.status) == ("closed", "refused", "landed")
    assert "Permission denied" in str(closed)
    (refused,) = land([folder / "closed"], home)
    assert "Permission denied" in str(refused)


def test_a_folder_lands_its_logs_in_order(home, tmp_path):
    folder = tmp_path / "logs"
    for name in ("b/2.csv", "a/1.jsonl", "_truth/x.csv", ".git/y.csv", "c.csv.part", "~.tmp"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(csv_bytes(GOOD) if name.endswith("csv") else json_bytes(SAMPLE))
    seen = []
    outcomes = land([folder], home, report=seen.append)
    assert [outcome.path.name for outcome in outcomes] == ["1.jsonl", "2.csv"]
    assert seen == outcomes
    assert len(loads(home)) == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (csv_bytes(GOOD).decode().encode("utf-16"), "UTF-16"),
        (csv_bytes(GOOD).decode().encode("utf-16-le"), "UTF-16"),
        (gzip.compress(csv_bytes(GOOD) * 50, mtime=0)[:-20], "truncated"),
        (zstd(csv_bytes(GOOD))[:-9], "truncated"),
        (csv_bytes(GOOD, header=COLUMNS.replace("payload,", "")), "missing payload"),
        (csv_bytes(GOOD, header=COLUMNS + ",mood"), "unexpected 'mood'"),
        (csv_bytes(GOOD, header="obj_name,scope," + COLUMNS[15:]), "order"),
        (csv_bytes(header=COLUMNS.replace(",", ";")), "separated by commas"),
        (b"Dear diary\n", "no known kind"),
        (json_bytes({"colour": "red"}), "no known kind (keys: colour)"),
        (json.dumps(SAMPLE, indent=1).encode(), "one record a line"),
        (b"PAR1 no parquet", "Parquet"),
    ],
)
def test_refused_files_say_why_and_stop_nobody(home, tmp_path, data, told):
    (tmp_path / "bad").write_bytes(data)
    (tmp_path / "good").write_bytes(csv_bytes(GOOD))
    refused, landed = land([tmp_path / "bad", tmp_path / "good"], home)
    assert (refused.status, landed.status) == ("refused", "landed")
    assert told in str(refused)
    assert "\n" not in str(refused)
    assert rows(home, "files", "file_name") == [("good",)]


def test_paths_that_are_no_logs(home, tmp_path):
    (tmp_path / "empty").mkdir()
    outcomes = land([tmp_path / "nowhere", tmp_path / "empty"], home)
    assert [outcome.status for outcome in outcomes] == ["refused", "refused"]
    assert "no such file" in str(outcomes[0])
    assert "holds no logs" in str(outcomes[1])
    assert loads(home) == []


def test_source_decides_between_kinds_of_json(home, tmp_path):
    strange = json_bytes({"colour": "red"})
    outcome = land_bytes(home, tmp_path, strange, source="cvat_events")
    assert (outcome.source, outcome.reasons) == ("cvat_events", {"missing_scope": 1})
    csv = land_bytes(home, tmp_path, csv_bytes(GOOD), "a.csv", source="platform_samples")
    assert csv.status == "refused"
    with pytest.raises(LandingError, match="known are cvat_events, cvat_client_batches"):
        land([tmp_path / "log"], home, source="diary")


# --- the lake ----------------------------------------------------------------------------------


def test_the_empty_lake_has_every_relation(home):
    ensure_lake(home)
    for relation in ("cvat_events", "cvat_client_batches", "platform_samples", "quarantine"):
        assert rows(home, relation) == []
    assert loads(home) == []


def test_a_killed_load_leaves_nothing_to_read(home, tmp_path):
    killed = home.lake / ".incoming-20240101T000000000Z-000000" / "load"
    killed.mkdir(parents=True)
    (killed / "cvat_events.parquet").write_bytes(b"half")
    ensure_lake(home)
    assert rows(home, "cvat_events") == []
    land_bytes(home, tmp_path, csv_bytes(GOOD))
    assert not list(home.lake.glob(".incoming-*"))
    assert not list(home.scratch.iterdir())
    assert len(rows(home, "cvat_events")) == 1
