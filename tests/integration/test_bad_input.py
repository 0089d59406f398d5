"""The law of bad input: what becomes of every file of the corpus, of every row, and of a kill."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.cli import main
from orchestration.demo import write_demo
from orchestration.home import PROJECT, Home
from orchestration.landing import REASONS, FileOutcome, land, loads
from tests import doc_pages
from tests.conftest import BuildWarehouse

BAD = PROJECT / "tests" / "fixtures" / "bad"
LOG = BAD / "log"

with (BAD / "expected.csv").open(encoding="utf-8", newline="") as rows:
    EXPECTED = {row["file"]: row for row in csv.DictReader(rows)}

QUALITY = ("+load_audit", "+quarantine", "+mended_rows", "+event_origins")
COUNTS = ("landed", "accepted", "duplicates", "quarantined")


def expected_bad(name: str) -> list[tuple[int, int, str]]:
    """Return (line, place within the line, reason) of what a file sends to quarantine."""
    found = []
    for item in EXPECTED[name]["bad"].split():
        place, reason = item.split(":")
        line, _, position = place.partition(".")
        found.append((int(line), int(position or 1), reason))
    return sorted(found)


def settled(folder: Path) -> Path:
    """Return a copy of the corpus that nobody is writing, wherever it came from just now."""
    shutil.copytree(LOG, folder)
    for path in folder.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return folder


@pytest.fixture(scope="module")
def warehouse(
    build_warehouse: BuildWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """All models over all files of the corpus that can land: no value may stop a build."""
    accepted = [LOG / name for name, row in EXPECTED.items() if not row["refused"]]
    return build_warehouse(*accepted)


@pytest.fixture(scope="module")
def landed_together(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[FileOutcome]]:
    """The corpus landed as one folder."""
    home = Home(tmp_path_factory.mktemp("together") / "home")
    folder = settled(tmp_path_factory.mktemp("corpus") / "log")
    return home, land([folder], home)


# The corpus itself


def test_the_corpus_is_what_its_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_bad", BAD / "make_bad.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made = {file.name: file for file in script.corpus()}
    assert made.keys() == EXPECTED.keys() == {path.name for path in LOG.iterdir()}
    for name, file in made.items():
        row = EXPECTED[name]
        assert tuple(int(row[count]) for count in COUNTS) == file.counts
        assert (row["refused"], row["bad"]) == (file.refused, file.bad)
        data = (LOG / name).read_bytes()
        if name.endswith(".parquet") and not row["refused"]:
            # The bytes of Parquet change with the library that writes it; the rows do not.
            assert pq.read_table(LOG / name).equals(pq.read_table(script.io.BytesIO(file.data)))
        elif not name.endswith(".parquet"):
            assert data == file.data


def test_the_corpus_has_every_reason_and_every_format() -> None:
    assert len(EXPECTED) >= 60
    seen = {reason for name in EXPECTED for *_, reason in expected_bad(name)}
    assert seen == REASONS.keys()
    for row in EXPECTED.values():
        landed, accepted, duplicates, quarantined = (int(row[count]) for count in COUNTS)
        assert landed == accepted + duplicates + quarantined
        assert not (row["refused"] and (landed or row["bad"]))


# What lands


def as_expected(outcome: FileOutcome) -> None:
    """Hold the outcome of one file against what is expected of it."""
    row = EXPECTED[outcome.path.name]
    if row["refused"]:
        assert outcome.status == "refused"
        assert row["refused"] in outcome.message
        assert (outcome.landed, outcome.quarantined, outcome.reasons) == (0, 0, {})
    else:
        assert outcome.status == "landed"
        assert outcome.landed == int(row["landed"])
        assert outcome.quarantined == int(row["quarantined"])
        assert outcome.reasons == Counter(r for *_, r in expected_bad(outcome.path.name))
    assert str(outcome).isprintable()


def test_the_folder_lands_as_expected(landed_together: tuple[Home, list[FileOutcome]]) -> None:
    home, outcomes = landed_together
    assert sorted(outcome.path.name for outcome in outcomes) == sorted(EXPECTED)
    for outcome in outcomes:
        as_expected(outcome)
    (load,) = loads(home)
    assert {path.name for path in (home.lake / load).iterdir()} == {
        *("cvat_events.parquet", "cvat_client_batches.parquet", "platform_samples.parquet"),
        *("cvat_resources.parquet", "quarantine.parquet", "files.parquet"),
    }


def test_many_files_land_like_few(
    landed_together: tuple[Home, list[FileOutcome]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is written in turn, to keep memory bounded, is what one query writes."""
    monkeypatch.setattr("orchestration.landing.batch.FILES_AT_ONCE", 3)
    monkeypatch.setattr("orchestration.landing.relations.STAGES_AT_ONCE", 3)
    home = Home(tmp_path / "home")
    land([settled(tmp_path / "log")], home)
    (load,) = loads(home)
    once, _ = landed_together
    for path in (home.lake / load).iterdir():
        query = "select columns(lambda c: c not in ('load_id', 'landed_at', 'file_path')) from"
        found = duckdb.sql(f"{query} '{path}'").fetchall()
        assert found == duckdb.sql(f"{query} '{once.lake / loads(once)[0] / path.name}'").fetchall()
        assert found


@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_lands_alone_as_in_company(name: str, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    (outcome,) = land([LOG / name], home)
    as_expected(outcome)
    assert len(loads(home)) == (outcome.status == "landed")


def test_load_audit_is_as_expected(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        f"select file_name, {', '.join(COUNTS)}, mended from quality.load_audit"
    ).fetchall()
    assert {name: counts for name, *counts in found} == {
        name: [*(int(row[count]) for count in COUNTS), 0]
        for name, row in EXPECTED.items()
        if not row["refused"]
    }


def test_quarantine_holds_exactly_what_is_bad(warehouse: duckdb.DuckDBPyConnection) -> None:
    found: dict[str, list[tuple[int, int, str]]] = {}
    for name, *place in warehouse.execute(
        "select file_name, line_number, line_position, reason from quality.quarantine order by all"
    ).fetchall():
        found.setdefault(name, []).append(tuple(place))
    assert found == {name: expected_bad(name) for name in EXPECTED if expected_bad(name)}
    numbers = warehouse.execute("select quarantine_number from quality.quarantine").fetchall()
    assert sorted(numbers) == [(number,) for number in range(1, len(numbers) + 1)]


def test_quarantine_keeps_the_text_of_plain_lines(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Of every line of a plain text file that holds one unit: the very line."""
    compared = 0
    for name, line, unit, raw in warehouse.execute(
        "select file_name, line_number, unit, raw_text from quality.quarantine"
        " where unit <> 'batch_event' and detail not like 'Sample % of its line%'"
    ).fetchall():
        if Path(name).suffix not in (".csv", ".jsonl") or "over_lines" in name:
            continue
        data = (LOG / name).read_bytes().removeprefix(b"\xef\xbb\xbf")
        text = re.split(rb"\r?\n", data)[line - 1].decode("utf-8", "backslashreplace")
        assert raw.strip() == text.strip(), (name, line, unit)
        compared += 1
    assert compared > 100


def test_every_accepted_row_can_be_traced(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "select file_name, count(*) filter (is_accepted), count(*) filter (not is_accepted)"
        " from (select file_name, is_accepted from quality.event_origins union all"
        " select file_name, is_accepted from quality.resource_origins) group by file_name"
    ).fetchall()
    assert {name: tuple(counts) for name, *counts in found} == {
        name: (int(row["accepted"]), int(row["duplicates"]))
        for name, row in EXPECTED.items()
        if int(row["accepted"]) + int(row["duplicates"])
    }


# The command


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home that this process takes for its own."""
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def test_refused_files_end_with_1_and_quarantined_rows_with_0(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = settled(tmp_path / "log")
    assert main(["land", str(folder)]) == 1
    said, complaints = capsys.readouterr()
    refused = [name for name, row in EXPECTED.items() if row["refused"]]
    assert [line.split()[0] for line in complaints.splitlines()] == ["refused"] * len(refused)
    assert f"{len(refused)} files refused" in said
    for name in refused:
        (folder / name).unlink()
    assert main(["land", str(folder)]) == 0
    assert f"{len(EXPECTED) - len(refused)} files had landed before" in capsys.readouterr().out


# Mending

HEADER = (LOG / "csv_only_header.csv").read_text(encoding="utf-8")


def csv_line(second: int, count: object) -> str:
    return f"create:job,,1,,server,2024-05-01 08:00:{second:02d},{count},0,1,2,3,4,mended,,,,,\n"


def write(path: Path, *texts: str) -> Path:
    path.write_text("".join(texts), encoding="utf-8")
    return path


def batch_line(*events: dict) -> str:
    return (
        json.dumps({"events": events, "received_at": "2024-05-01T08:00:59Z", "user_id": 4}) + "\n"
    )


def test_quarantine_is_listed_shown_and_mended(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str, code: int = 0) -> str:
        assert main(["quarantine", *arguments]) == code
        out, err = capsys.readouterr()
        assert bool(err) == bool(code)
        return out + err

    assert "nothing has landed" in said("list", code=1)
    log = write(
        tmp_path / "l.csv", HEADER, csv_line(0, 1), csv_line(1, "x"), csv_line(2, -1), "a\n"
    )
    event = {"scope": "draw:object", "timestamp": "2024-05-01T08:00:00Z"}
    batches = write(tmp_path / "b.jsonl", batch_line(event, {**event, "duration": -1}))
    main(["land", str(log), str(batches)])
    capsys.readouterr()

    head, *rows = said("list").splitlines()
    assert head.split() == ["number", "file", "line", "reason", "detail"]
    assert [row.split()[:4] for row in rows] == [
        ["1", "l.csv", "3", "wrong_type"],
        ["2", "l.csv", "4", "negative_count"],
        ["3", "l.csv", "5", "wrong_column_count"],
        ["4", "b.jsonl", "1", "negative_duration"],
    ]
    assert len(said("list", "--reason", "wrong_type").splitlines()) == 2
    assert len(said("list", "--file", "l.csv").splitlines()) == 4
    assert said("list", "--file", "no.csv") == "No such row is in quarantine.\n"
    assert "The first 1 of 4" in said("list", "--limit", "1")
    assert "known are not_parseable" in said("list", "--reason", "ugly", code=2)

    shown = said("show", "2")
    for part in ("l.csv", str(log), "negative_count: A count is negative.", csv_line(2, -1)):
        assert part in shown
    assert said("show", "2", "--raw") == csv_line(2, -1)
    assert "has the number 9" in said("show", "9", code=1)
    assert "not a number" in said("show", "two", code=2)

    mended = write(tmp_path / "mended.csv", HEADER, csv_line(1, 7), csv_line(2, 8))
    before = loads(home)
    for numbers, problem in (
        (["1"], "holds 2 rows for 1 numbers"),
        (["1-3"], "holds 2 rows for 3 numbers"),
        (["1", "4"], "row 4 is a batch event of cvat_client_batches"),
        (["1", "9"], "has the number 9"),
    ):
        assert problem in said("retry", str(mended), "--mends", *numbers, code=1)
    assert "is still bad" in said("retry", str(log), "--mends", "1", code=1)
    assert "no such file" in said("retry", str(tmp_path / "no"), "--mends", "1", code=1).lower()
    assert "holds no rows" in said(
        "retry", str(write(tmp_path / "none.csv", HEADER)), "--mends", "1", code=1
    )
    assert loads(home) == before

    assert "2 rows left quarantine" in said("retry", str(mended), "--mends", "1-2")
    after = loads(home)
    assert len(after) == len(before) + 1
    assert "nothing to do" in said("retry", str(mended), "--mends", "2", "1")
    other = write(tmp_path / "other.csv", HEADER, csv_line(1, 9))
    assert "row 1 left quarantine before: mended.csv mended it" in said(
        "retry", str(other), "--mends", "1", code=1
    )
    assert loads(home) == after
    assert [row.split()[0] for row in said("list").splitlines()[1:]] == ["3", "4"]
    assert "by mended.csv, line 2" in said("show", "1")


def test_a_mended_row_counts_once_and_conservation_holds(
    build_warehouse: BuildWarehouse, tmp_path: Path
) -> None:
    from orchestration.landing import retry
    from tests.conftest import build

    home = Home(tmp_path / "home")
    names = ("first.csv", "overlapping.csv")
    bad = [csv_line(1, "x"), csv_line(2, -1)]
    first = write(tmp_path / names[0], HEADER, csv_line(0, 1), *bad)
    overlapping = write(tmp_path / names[1], HEADER, bad[0], csv_line(0, 1), csv_line(3, 1))
    torn = write(tmp_path / "torn.csv", HEADER, csv_line(4, '"1').rstrip("\n"), "\n", "rest\n")
    event = {"scope": "draw:object", "timestamp": "2024-05-01T08:00:00Z"}
    batch = write(tmp_path / "b.jsonl", batch_line(event, {**event, "duration": -1}))
    land([first, overlapping, torn, batch], home)
    mended = write(tmp_path / "mended.csv", HEADER, csv_line(1, 7))
    # It landed like any other file before anybody said what it mends.
    land([mended], home)
    retry(mended, [1], home)
    # The same bad line of another file; the row of the mended file stays one row.
    retry(mended, [3], home)
    retry(write(tmp_path / "whole.csv", HEADER, csv_line(4, 1)), [4, 5], home, together=True)
    retry(write(tmp_path / "e.jsonl", batch_line({**event, "duration": 1})), [6], home)

    result = build(home, select=QUALITY, is_tested=True)
    assert result.success
    with duckdb.connect(str(home.build_file), read_only=True) as warehouse:
        audit = warehouse.execute(
            f"select file_name, {', '.join(COUNTS)}, mended from quality.load_audit"
        ).fetchall()
        assert {name: counts for name, *counts in audit} == {
            "first.csv": [3, 1, 0, 2, 1],
            "overlapping.csv": [3, 1, 1, 1, 1],
            "torn.csv": [2, 0, 0, 2, 2],
            "b.jsonl": [1, 1, 0, 0, 0],
            "mended.csv": [1, 1, 0, 0, 0],
            "whole.csv": [1, 1, 0, 0, 0],
            "e.jsonl": [1, 1, 0, 0, 0],
        }
        assert warehouse.execute(
            "select quarantine_number, file_name, line_number from quality.quarantine"
        ).fetchall() == [(2, "first.csv", 4)]
        history = warehouse.execute(
            "select quarantine_number, file_name, line_number, reason, mended_by_file_name,"
            " mended_by_line_number, mended_by_load_id, mended_at >= landed_at"
            " from quality.mended_rows order by quarantine_number"
        ).fetchall()
    by_number = dict(zip([1, 3, 4, 6], loads(home)[2:], strict=True))
    assert history == [
        (1, "first.csv", 3, "wrong_type", "mended.csv", 2, by_number[1], True),
        (3, "overlapping.csv", 2, "wrong_type", "mended.csv", 2, by_number[3], True),
        (4, "torn.csv", 2, "unclosed_quote", "whole.csv", None, by_number[4], True),
        (5, "torn.csv", 3, "wrong_column_count", "whole.csv", None, by_number[4], True),
        (6, "b.jsonl", 1, "negative_duration", "e.jsonl", 1, by_number[6], True),
    ]


def test_the_page_lists_the_reasons_of_landing() -> None:
    section = doc_pages.sections(PROJECT / "docs" / "quarantine.md")["Reasons"]
    listed = {code.strip("`"): text for code, text, _ in doc_pages.table(section)}
    assert listed == REASONS


# A folder that is being written to


def test_half_written_files_wait_for_the_next_landing(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    whole = HEADER + csv_line(0, 1)
    packed = (LOG / "packed.csv.gz").read_bytes()
    halves = {
        "half.csv": (whole + csv_line(1, 1)[:40]).encode(),
        "half.jsonl": b'{"scope": "a:b", "timest',
        "half.csv.gz": packed[:-20],
        "half.parquet": (LOG / "parquet_mixed.parquet").read_bytes()[:-30],
        "just_begun.csv": b"",
    }
    for name, data in halves.items():
        (folder / name).write_bytes(data)
    write(folder / "done.csv", whole)
    for name in ("a.csv.part", "b.csv.TMP", "c.crdownload", "d.csv.filepart", "e.csv.partial"):
        (folder / name).write_bytes(b"half")
    (folder / "a.csv").write_bytes(b"")

    assert main(["land", str(folder)]) == 1
    told = capsys.readouterr()
    assert told.err.count("waiting  ") == len(halves)
    assert "Landed 1 file with 1 row, 5 files left for the next landing" in told.out
    assert "a.csv" not in told.out + told.err
    # Nobody wrote on: what looks unfinished is, and says so.
    for path in folder.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert main(["land", str(folder)]) == 1
    said, complaints = capsys.readouterr()
    assert "half.csv: 2 records of cvat_events; 1 quarantined (1 wrong_column_count)" in said
    assert complaints.count("refused ") == 3
    # And what was finished meanwhile lands.
    (folder / "half.csv.gz").write_bytes(packed)
    write(folder / "half.jsonl", '{"scope": "a:b", "timestamp": "1714550400"}\n')
    outcomes = {outcome.path.name: outcome.status for outcome in land([folder], home)}
    assert outcomes["half.csv.gz"] == outcomes["half.jsonl"] == "landed"


def test_who_names_a_file_does_not_wait(home: Home, tmp_path: Path) -> None:
    (outcome,) = land([write(tmp_path / "half.csv", HEADER, csv_line(0, 1).rstrip("\n"))], home)
    assert outcome.status == "landed"


# Names


@pytest.mark.parametrize("name", ["with space", "Ünï ☃", 'a"b', "a%s$x&;(1):", "]"])
def test_homes_of_odd_names_work(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / name))
    log = write(tmp_path / "log.csv", HEADER, csv_line(0, 1), csv_line(1, "x"))
    assert main(["land", str(log)]) == 0
    assert main(["land", str(log)]) == 0
    assert "had landed before" in capsys.readouterr().out
    assert main(["quarantine", "show", "1"]) == 0


@pytest.mark.parametrize("name", ["[x]", "a*", "what?", "it's", "{name}", "a#b", "back\\slash"])
def test_homes_that_no_engine_can_read_are_refused_in_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / name))
    assert main(["land", str(LOG / "csv_crlf.csv")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "its path must be without" in said
    assert not (tmp_path / name / "lake").exists()


# A kill in the middle


def contents(home: Home) -> dict[str, list[tuple]]:
    """Return the rows of every relation of the lake, without what each load makes anew."""
    found = {}
    for relation in ("cvat_events", "cvat_client_batches", "platform_samples", "files"):
        left_out = "load_id, landed_at" if relation == "files" else ""
        found[relation] = duckdb.sql(
            f"select * {f'exclude ({left_out})' if left_out else ''}"
            f" from '{home.lake}/*/{relation}.parquet' order by all"
        ).fetchall()
    return found


def test_a_killed_landing_leaves_nothing_half_and_needs_no_repair(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "log"
    write_demo(folder, events=10_000, days=10, users=8, seed=6)
    for number in range(20):
        write(folder / f"small_{number}.csv", HEADER, csv_line(number, 1), csv_line(40, "x"))
    command = [sys.executable, "-m", "orchestration", "land", str(folder)]

    whole, killed = Home(tmp_path / "whole"), Home(tmp_path / "killed_0")
    started = time.monotonic()
    subprocess.run(
        command,
        env={**os.environ, "WAREHOUSE_HOME": str(whole.root)},
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    took = time.monotonic() - started
    assert len(loads(whole)) == 1
    moments = random.Random(6)
    kills = 0
    for turn, share in enumerate((0.3, 0.5, 0.7, 0.8, 0.9, 0.97), start=1):
        process = subprocess.Popen(
            command,
            env={**os.environ, "WAREHOUSE_HOME": str(killed.root)},
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(took * share * moments.uniform(0.9, 1.0))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        # A load is there as a whole, and the next kill needs another home, or not at all.
        if loads(killed):
            assert contents(killed) == contents(whole)
            killed = Home(tmp_path / f"killed_{turn}")
    assert kills >= 3
    outcomes = land([folder], killed)
    assert {outcome.status for outcome in outcomes} <= {"landed", "already landed"}
    assert len(loads(killed)) == 1
    assert contents(killed) == contents(whole)
    assert not list(killed.lake.glob(".incoming-*"))
    assert not list(killed.scratch.iterdir())
