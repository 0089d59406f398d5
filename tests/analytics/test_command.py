"""`warehouse query`: the same answers on the command line, out of what is published."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.cli import main
from orchestration.home import Home
from tests.analytics.conftest import Ask

PAYLOAD = {
    "startTime": "2024-01-01",
    "endTime": "2025-01-01",
    "measures": [{"measureType": "annotationTimeline", "timeGranularity": ["month", "week"]}],
}


@pytest.fixture
def published(
    oddities: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Home:
    """Return a home whose published file is the warehouse of the tests."""
    home = Home(tmp_path / "home")
    home.published_file.parent.mkdir(parents=True)
    (file,) = oddities.execute("select path from duckdb_databases() where not internal").fetchone()
    shutil.copy(file, home.published_file)
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    return home


def test_a_file_and_the_standard_input_are_answered(
    published: Home,
    tmp_path: Path,
    ask: Ask,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = ask(PAYLOAD)
    assert all(one["response"] for one in wanted)
    text = json.dumps(PAYLOAD).encode()
    (tmp_path / "payload.json").write_bytes(text)
    assert main(["query", str(tmp_path / "payload.json")]) == 0
    assert json.loads(capsys.readouterr().out) == wanted
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main(["query", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == wanted


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "The body is "),
        ("{'startTime': 1}", "The body is not JSON: "),
        ('{"startTime": 1, "measures": [{"measureType": "x"}]}', "measures[0].measureType: there"),
    ],
)
def test_a_bad_payload_is_one_line(
    published: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, line: str
) -> None:
    (tmp_path / "payload.json").write_text(text)
    assert main(["query", str(tmp_path / "payload.json")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(line)
    assert said.err.count("\n") == 1


def test_what_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    (tmp_path / "payload.json").write_text("{}")
    assert main(["query", str(tmp_path / "payload.json")]) == 1
    assert capsys.readouterr().err == "Nothing is published yet. Run: warehouse refresh\n"
    assert main(["query", str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'none.json'}: No such file or directory\n"


def test_a_publication_of_another_version_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.published_file.parent.mkdir(parents=True)
    duckdb.connect(str(home.published_file)).close()
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    (tmp_path / "payload.json").write_text("{}")
    assert main(["query", str(tmp_path / "payload.json")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("What is published was made by another version: ")
    assert said.endswith("Run: warehouse refresh\n")
