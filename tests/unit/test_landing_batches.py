"""Small files are staged together: what becomes of each is what becomes of it alone."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.home import Home
from orchestration.landing import FileOutcome, content, land, loads
from orchestration.landing.batch import land_files
from orchestration.landing.load import new_load
from orchestration.landing.read import Given
from orchestration.landing.stage import units_of

HEADER = (
    "scope,obj_name,obj_id,obj_val,source,timestamp,count,duration,project_id,task_id,job_id,"
    "user_id,user_name,user_email,org_id,org_slug,payload,access_token_id"
)
RELATIONS = ("cvat_events", "cvat_client_batches", "platform_samples", "quarantine")


def line(name: str, count: object = 1) -> str:
    return f"draw:object,,,,client,2024-01-01 12:00:00,{count},0,1,2,3,4,{name},,,,,"


def table(*lines: str, header: str = HEADER, end: str = "\n") -> bytes:
    return "".join(text + end for text in (header, *lines)).encode()


def event(name: str, **changed: object) -> str:
    said = {"scope": "draw:object", "timestamp": "1704110400", "user_name": name, **changed}
    return json.dumps(said, ensure_ascii=False)


def sample(name: str) -> str:
    return json.dumps(
        {
            **{"startTime": 1704110400000, "endTime": 1704110400500, "data": {"surface": "studio"}},
            **{"eventType": "activity", "entityType": "activity", "action": "active"},
            "context": {"userId": name},
        }
    )


def batch(name: str, *events: dict) -> str:
    sent = events or ({"scope": "draw:object", "timestamp": "2024-01-01T12:00:00Z"},)
    return json.dumps({"events": sent, "received_at": "2024-01-01T12:00:01Z", "user_name": name})


def lines(*texts: str, end: str = "\n") -> bytes:
    return "".join(text + end for text in texts).encode()


def parquet(*names: str, counts: pa.DataType | None = None) -> bytes:
    rows = len(names)
    columns = {name: pa.array([None] * rows, pa.string()) for name in HEADER.split(",")}
    columns |= {
        "scope": pa.array(["draw:object"] * rows),
        "timestamp": pa.array(["2024-01-01"] * rows),
        "user_name": pa.array(names),
        "count": pa.array([1] * rows, counts) if counts else pa.array(["1"] * rows),
    }
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="none")
    return out.getvalue()


def broken_pages(data: bytes) -> bytes:
    """Return a Parquet file whose footer is sound and whose first pages are not."""
    return data[:4] + b"\xff" * 60 + data[64:]


BOM = b"\xef\xbb\xbf"
OLD = HEADER.removesuffix(",access_token_id")
# What the first leaves open the second closes: together a record of 18 columns.
OPENS = line("open").replace(",open,", ',"open\n').split("\n")[0]
CLOSES = 'and closed",,,,,'
FOLDER: dict[str, bytes] = {
    "a.csv": table(line("a"), line("b", "x"), line("c")),
    "b_crlf.csv": table(line("a"), line("b", -1), line("d"), end="\r\n"),
    "c_open.csv": table(line("a"), OPENS),
    "c_shut.csv": table(CLOSES, line("e")),
    "d_no_end.csv": table(line("f")).removesuffix(b"\n"),
    "e_many_ends.csv": table(line("g")) + b"\n\n\n",
    "f_marked.csv": BOM + table(line("h"), line("i", "nan")),
    "g_blank_lines.csv": table("", line("j"), "  ", line("k", -1)),
    "h_mixed.csv": table(line("l")) + line("m").encode() + b"\r\n",
    "i_latin.csv": table(line("n"), "?").replace(b"?", b"caf\xe9"),
    "j_old.csv": table(line("o").removesuffix(","), header=OLD),
    "k_quoted.csv": table(line("p"), header=",".join(f'"{name}"' for name in HEADER.split(","))),
    "l_header.csv": table(),
    "m_two_lines.csv": table(line('"q\nq"'), line("r", -2), line('"s\n\ns"', "y")),
    "n_spaces.csv": table(line(' "t" '), line("u", "z")),
    "o_columns.csv": table(line("v"), "a,b"),
    "p.csv.gz": gzip.compress(table(line("w"), line("x", "x"), end="\r\n"), mtime=0),
    "p_cut.csv.gz": gzip.compress(table(line("w2")), mtime=0)[:-6],
    "q.csv.zst": pa.compress(table(line("y")), codec="zstd", asbytes=True),
    "r_empty.csv": b"",
    "s_zero.csv": table(line("z"), line("zz\x00")),
    "t.jsonl": lines(event("A"), "{", event("B", count=-1)),
    "t_crlf.jsonl": lines(event("C"), "", event("D", count="x"), end="\r\n"),
    "u.jsonl": lines(sample("E"), f"[{sample('F')}, 3, {sample('G')}]", "[]"),
    "u_marked.jsonl": BOM + lines(sample("H"), "null"),
    "v.jsonl": lines(batch("I"), batch("J", {"scope": ""}, {"scope": "a:b"})),
    "v_latin.jsonl": lines(batch("K")) + b'{"events": [], "user_name": "\xff"}\n',
    "w.parquet": parquet("L", "M"),
    "w_broken.parquet": broken_pages(parquet("N", "O")),
    "w_other.parquet": parquet("P"),
    "w_typed.parquet": parquet("Q", "R", counts=pa.int32()),
    "x_copy.csv": table(line("a"), line("b", "x"), line("c")),
    "x_copy_of_broken.parquet": broken_pages(parquet("N", "O")),
    "y_strange.csv": b"name,colour\nann,red\n",
    "z 'q\" [x]*?\n☃.csv": table(line("S"), line("T", -1)),
}
"""File name -> content, one for each temperament."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
        os.utime(folder / name, (1_700_000_000, 1_700_000_000))
    return folder


def rows(home: Home, relation: str) -> list[tuple]:
    path = home.lake / loads(home)[-1] / f"{relation}.parquet" if loads(home) else None
    if path is None or not path.exists():
        return []
    left_out = "('load_id', 'landed_at', 'quarantine_number')"
    query = f"select columns(lambda c: c not in {left_out}) from '{path}'"
    return duckdb.sql(query).fetchall()


def said(outcome: FileOutcome) -> tuple:
    # The name of the file in scratch may stand in what the engine says of a broken one.
    what = outcome.message.split(" at ")[0].split(":")[0]
    counts = (outcome.landed, outcome.quarantined, dict(outcome.reasons))
    return outcome.path.name, outcome.status, *counts, outcome.source, outcome.file_id, what


def test_a_file_lands_in_company_as_alone(home: Home, tmp_path: Path) -> None:
    outcomes = land([written(tmp_path / "log", FOLDER)], home)
    assert [outcome.path.name for outcome in outcomes] == sorted(FOLDER)
    statuses = {outcome.path.name: outcome.status for outcome in outcomes}
    assert {name for name, status in statuses.items() if status == "refused"} == {
        *("p_cut.csv.gz", "r_empty.csv", "w_broken.parquet", "x_copy_of_broken.parquet"),
        "y_strange.csv",
    }
    assert statuses["x_copy.csv"] == "already landed"

    alone: dict[str, list[tuple]] = {relation: [] for relation in RELATIONS}
    for number, together in enumerate(outcomes):
        one = Home(tmp_path / f"home_{number}")
        (outcome,) = land([together.path], one)
        if together.status == "already landed":
            continue
        assert said(outcome) == said(together)
        for relation in RELATIONS:
            alone[relation] += rows(one, relation)
    # In the order of the files, and within each in the order of its lines.
    assert {relation: rows(home, relation) for relation in RELATIONS} == alone
    assert all(alone.values())


def test_quotes_reach_over_no_end_of_a_file(home: Home, tmp_path: Path) -> None:
    names = ("c_open.csv", "c_shut.csv")
    land([written(tmp_path / "log", {name: FOLDER[name] for name in names})], home)
    found = duckdb.sql(
        f"select file_name, line_number, reason, raw_text from '{home.lake}/2*/quarantine.parquet'"
        " order by quarantine_number"
    ).fetchall()
    assert found == [
        ("c_open.csv", 3, "unclosed_quote", OPENS),
        ("c_shut.csv", 2, "wrong_column_count", CLOSES),
    ]
    assert [row[12] for row in rows(home, "cvat_events")] == ["a", "e"]


def test_a_large_file_lands_like_a_small_one(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "log", FOLDER)
    small = land([folder], home)
    # Now no file but the shortest is read at once.
    monkeypatch.setattr(content, "BLOCK_BYTES", 256)
    other = Home(tmp_path / "other")
    large = land([folder], other)
    assert list(map(said, large)) == list(map(said, small))
    for relation in RELATIONS:
        assert rows(other, relation) == rows(home, relation)


def test_hundreds_of_files_are_one_group(home: Home, tmp_path: Path) -> None:
    names = [f"{number:03d}" for number in range(300)]
    folder = written(
        tmp_path / "log", {f"{name}.csv": table(line(name), line(name, "x")) for name in names}
    )
    with new_load(home, None) as load:
        given = (Given(path, may_wait=False) for path in sorted(folder.iterdir()))
        outcomes = list(land_files(given, load))
        (stage,) = load.stages
        found = load.connection.execute(
            f"select user_name, line_number, reason from ({units_of([stage])})"
        ).fetchall()
    assert [(one.path.stem, one.landed, one.quarantined) for one in outcomes] == [
        (name, 2, 1) for name in names
    ]
    assert found == [row for name in names for row in ((name, 2, None), (name, 3, "wrong_type"))]


def test_kinds_that_alternate_keep_the_order_of_the_files(home: Home, tmp_path: Path) -> None:
    def contents(name: str) -> Iterator[bytes]:
        yield table(line(name), line(name, -1))
        yield lines(sample(name), "{")
        yield table(line(name), line(name, -1), end="\r\n")
        yield lines(batch(name), "{")
        yield lines(event(name), "{")
        yield parquet(name)

    files = {
        f"{number}{kind}": data
        for number in range(4)
        for kind, data in enumerate(contents(str(number)))
    }
    seen: list[FileOutcome] = []
    outcomes = land([written(tmp_path / "log", files)], home, report=seen.append)
    assert seen == outcomes
    ids = {outcome.file_id: outcome.path.name for outcome in outcomes}
    assert list(ids.values()) == sorted(files)
    assert [row[2] for row in rows(home, "files")] == sorted(files)
    for relation, kinds in (("cvat_events", "0245"), ("platform_samples", "1")):
        found = [next(ids[cell] for cell in row if cell in ids) for row in rows(home, relation)]
        assert found == [name for name in sorted(files) if name[1] in kinds]
    bad = [(ids[row[0]], row[2]) for row in rows(home, "quarantine")]
    assert bad == [(name, 2 if name[1] in "134" else 3) for name in sorted(files) if name[1] != "5"]


def test_a_copy_of_what_was_refused_is_refused(home: Home, tmp_path: Path) -> None:
    broken = broken_pages(parquet("a", "b"))
    files = {"1.parquet": parquet("c"), "2.parquet": broken, "3.parquet": broken}
    outcomes = land([written(tmp_path / "log", files)], home)
    assert [outcome.status for outcome in outcomes] == ["landed", "refused", "refused"]
    assert [row[12] for row in rows(home, "cvat_events")] == ["c"]


def test_packed_parquet_is_refused(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet.gz"
    path.write_bytes(gzip.compress(parquet("a")))
    (outcome,) = land([path], home)
    assert (outcome.status, outcome.message) == (
        "refused",
        "it is Parquet inside of gzip; land it unpacked",
    )
