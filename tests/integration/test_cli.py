"""The commands as a user meets them: what they say, where, and with which exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from checkouts import Run, csv_line, write_csv

from orchestration.cli import main
from orchestration.freshness import unlanded
from orchestration.home import PROJECT, Home
from orchestration.inbox import logs, remember, state
from orchestration.lock import writing
from orchestration.publish import read_publication
from orchestration.publish.rollback import roll_back


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home that this process takes for its own."""
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def marks(file: Path) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as reader:
        return reader.execute("select user_id, mark from core.fct_events order by all").fetchall()


# Without Dagster and dbt


def test_status_of_an_empty_home_says_how_to_begin(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    assert "Landed      nothing" in said
    assert "warehouse land PATH" in said
    assert not home.root.exists()


def test_build_and_publish_of_an_empty_home_say_what_comes_first(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build"]) == 1
    assert "warehouse land PATH" in capsys.readouterr().err
    assert main(["publish"]) == 1
    assert capsys.readouterr().err == "Nothing to publish: nothing is built. Run: warehouse build\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "--users", "0"],
        ["build", "--vars", "[1]"],
        ["build", "--vars", "{"],
        ["build", "--vars", '{"reporting_timezon": "UTC"}'],
        ["build", "--vars", '{"reporting_timezone": "Mars/Base"}'],
        ["build", "--vars", '{"idle_cutoff_ms": -1}'],
        ["build", "--vars", '{"activity_gap_threshold_ms": 300001}'],
        ["build", "--vars", '{"session_gap_ms": "30 min"}'],
        ["build", "--vars", '{"working_time_methods": ["reported", "guessed"]}'],
        ["build", "--vars", '{"client_batches_are_events": "yes"}'],
    ],
)
def test_what_cannot_be_meant_ends_with_2(
    arguments: list[str], home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("--")
    assert said.count("\n") == 1


def test_unknown_commands_end_with_2(home: Home) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["rebuild"])
    assert ended.value.code == 2


def test_land_says_one_line_a_file_and_the_totals(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write_csv(tmp_path / "good.csv", csv_line(7, 0), csv_line("x", 1))
    assert main(["land", str(good)]) == 0
    first, totals, advice = capsys.readouterr().out.splitlines()
    assert "good.csv" in first
    assert totals == "Landed 1 file with 2 rows, 1 of them quarantined"
    assert advice == "Next: warehouse build"
    assert main(["land", str(good)]) == 0
    assert "1 file had landed before" in capsys.readouterr().out


def test_a_refused_file_ends_with_1_after_the_others_landed(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write_csv(tmp_path / "good.csv", csv_line(7, 0))
    bad = tmp_path / "bad.csv"
    bad.write_text("name,colour\nann,red\n")
    assert main(["land", str(bad), str(good), str(tmp_path / "missing.csv")]) == 1
    said, complaints = capsys.readouterr()
    landed, totals, _ = said.splitlines()
    assert "good.csv" in landed
    assert totals == "Landed 1 file with 1 row, 2 files refused"
    unknown, missing = complaints.splitlines()
    assert "unknown header" in unknown
    assert "missing.csv" in missing


def test_status_counts_what_landed_and_what_did_not(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = write_csv(tmp_path / "log.csv", csv_line(7, 0), csv_line(8, 9), csv_line("x", 1))
    main(["land", str(log)])
    capsys.readouterr()
    assert main(["status"]) == 0
    said = capsys.readouterr().out
    (row,) = [line for line in said.splitlines() if "cvat_events" in line]
    assert row.split() == ["cvat_events", "1", "3", "1", "2026-01-05", "08:00:09"]
    assert "1 record  wrong_type" in said
    assert "warehouse build (1 load not yet built)" in said


def test_a_second_writer_waits_and_then_names_the_first(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    other = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\n"
            "from orchestration.home import Home\n"
            "from orchestration.lock import writing\n"
            "with writing(Home.from_environment(), 'warehouse land'):\n"
            "    print('held', flush=True)\n"
            "    time.sleep(60)\n",
        ],
        stdout=subprocess.PIPE,
        cwd=PROJECT,
    )
    try:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        monkeypatch.setattr("orchestration.lock.WAIT_S", 0.2)
        assert main(["publish"]) == 1
        waiting, failing = capfd.readouterr().err.splitlines()
        assert waiting.startswith("Waiting up to")
        assert f"`warehouse land`, process {other.pid}" in waiting
        assert f"`warehouse land`, process {other.pid}" in failing
        assert main(["status"]) == 0
        assert f"Writing     `warehouse land`, process {other.pid}" in capfd.readouterr().out
    finally:
        other.send_signal(signal.SIGKILL)
        other.wait()
    # The lock dies with its holder, whatever it left beside it.
    with writing(home, "warehouse publish", wait_s=5):
        pass


def test_the_holder_of_the_lock_may_enter_it_again(home: Home) -> None:
    with writing(home, "outer"), writing(home, "inner", wait_s=0):
        noted = json.loads(home.lock_file.with_suffix(".holder.json").read_text())
        assert noted["command"] == "outer"
        assert noted["pid"] == os.getpid()
    assert not home.lock_file.with_suffix(".holder.json").exists()


def test_status_imports_nothing_heavy(home: Home) -> None:
    code = (
        "import sys\n"
        "from orchestration.cli import main\n"
        "main(['status'])\n"
        "print(sorted({'dagster', 'dbt', 'rich', 'pandas'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr


def test_demo_does_not_write_into_a_folder_that_holds_something(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = write_csv(tmp_path / "mine" / "log.csv")
    assert main(["demo", "--events", "100", "--out", str(kept.parent)]) == 1
    assert "is not an empty folder" in capsys.readouterr().err
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.parametrize("command", ["demo", "refresh"])
def test_no_demo_is_written_for_a_home_in_which_nothing_can_land(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    home = Home(tmp_path / "home [old]")
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main([command]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"WAREHOUSE_HOME is {home.root}: its path must be without [")
    assert not home.inbox.exists()


def test_a_demo_that_nobody_could_write_ends_with_2(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--events", "100", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("A demo log needs at least 1,000 events")
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_demo_for_another_place_needs_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home [old]"
    monkeypatch.setenv("WAREHOUSE_HOME", str(home))
    out = tmp_path / "logs"
    assert main(["demo", "--events", "1000", "--days", "4", "--users", "2", "--out", f"{out}"]) == 0
    assert f"Next: warehouse land {out}" in capsys.readouterr().out
    assert not home.exists()


# With them: a small project, broken at will


def test_from_files_to_readers_and_back_to_rest(
    small: Run, small_checkout: Path, home: Home, tmp_path: Path
) -> None:
    log = write_csv(tmp_path / "log.csv", csv_line(7, 0), csv_line(8, 1))
    assert small(home.root, "land", str(log)).returncode == 0

    built = small(home.root, "build", "--vars", '{"mark": 5}')
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""
    assert "Built 3 models" in built.stdout
    assert "2 tests passed" in built.stdout
    assert built.stdout.endswith("Next: warehouse publish\n")
    assert not home.published_file.exists()

    published = small(home.root, "publish")
    assert published.returncode == 0
    assert marks(home.published_file) == [(7, 5), (8, 5)]
    again = small(home.root, "publish")
    assert again.returncode == 0
    assert "is published already" in again.stdout

    unchanged = small(home.root, "build", "--vars", '{"mark": 5}')
    assert unchanged.returncode == 0
    assert unchanged.stdout.startswith("Nothing changed since build")
    # dbt leaves nothing in the checkout.
    assert not (small_checkout / "target").exists()
    assert not (small_checkout / "logs").exists()


def test_a_refresh_says_what_it_refused_and_a_failed_build_leaves_readers_what_they_had(
    small: Run, small_checkout: Path, home: Home
) -> None:
    write_csv(home.inbox / "log.csv", csv_line(7, 0))
    (home.inbox / "notes.csv").write_text("name,colour\nann,red\n")
    refreshed = small(home.root, "refresh")
    assert refreshed.returncode == 1, refreshed.stderr
    assert "1 file refused" in refreshed.stdout
    assert marks(home.published_file) == [(7, 0)]
    # The refused file is not forgotten: it is refused again until somebody takes it away.
    assert unlanded(home)

    before = home.published_file.read_bytes()
    core = small_checkout / "models/marts/core"
    (core / "fct_events.sql").write_text("select nonsense from {{ ref('stg_events') }}\n")
    (core / "dim_users.sql").write_text("select null as user_id from {{ ref('stg_events') }}\n")
    failed = small(home.root, "build")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert "The build failed: 2 failed, 1 skipped because of them" in failed.stderr
    assert "model fct_events  (models/marts/core/fct_events.sql)" in failed.stderr
    assert '"nonsense" not found' in failed.stderr
    assert "test not_null_dim_users_user_id  (models/staging/_staging.yml)" in failed.stderr
    assert "Got 1 result" in failed.stderr
    compiled = [line[7:] for line in failed.stderr.splitlines() if line.startswith("  SQL: ")]
    assert len(compiled) == 2
    assert any("select nonsense from" in Path(path).read_text() for path in compiled)
    publish = small(home.root, "publish")
    assert publish.returncode == 1
    assert publish.stderr.startswith("Nothing to publish: the last build did not succeed")
    assert "the last build did not succeed" in small(home.root, "status").stdout
    assert home.published_file.read_bytes() == before

    # And what dbt cannot even read.
    (core / "fct_events.sql").write_text("select * from {{ ref('nowhere') }}\n")
    failed = small(home.root, "build")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert "depends on a node named 'nowhere' which was not found" in failed.stderr


def test_a_build_file_that_someone_has_open_is_named(
    small: Run, home: Home, tmp_path: Path
) -> None:
    log = write_csv(tmp_path / "log.csv", csv_line(7, 0))
    small(home.root, "land", str(log))
    with duckdb.connect(str(home.build_file)):
        failed = small(home.root, "build")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert str(os.getpid()) in failed.stderr
    assert "Another process has the build file open" in failed.stderr


# The whole house


def test_a_refresh_of_the_demo_says_what_it_did(refreshed: tuple[Home, str]) -> None:
    home, said = refreshed
    assert "Landed " in said
    assert "Built " in said
    # The demo's logs are of the past.
    lines = said.splitlines()
    (warning,) = [n for n, line in enumerate(lines) if line.startswith("Warning: ")]
    assert lines[warning].startswith("Warning: every_source_is_fresh (3 findings): cvat_")
    assert lines[warning - 1].startswith("Built ")
    others = [line.partition(":")[0] for line in lines[warning + 1 : warning + 3]]
    assert others == ["  cvat_events", "  platform_samples"]
    assert lines[warning + 3].startswith("Published build ")
    assert str(home.published_file) in said


def test_a_second_refresh_changes_nothing(
    refreshed: tuple[Home, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, _ = refreshed
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    before = {path: path.stat().st_mtime_ns for path in sorted(home.lake.rglob("*"))}
    published = home.published_file.stat()
    assert main(["refresh"]) == 0
    assert capsys.readouterr().out.startswith("Nothing new since build")
    assert home.published_file.stat() == published
    assert {path: path.stat().st_mtime_ns for path in sorted(home.lake.rglob("*"))} == before


def test_a_refresh_tells_of_a_rollback_and_how_to_go_on(
    refreshed: tuple[Home, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = Home(shutil.copytree(refreshed[0].root, tmp_path / "home"))
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    newest = read_publication(home)
    assert newest
    older = home.published_file.parent / "history" / "20260101T000000000Z-older0.duckdb"
    older.parent.mkdir()
    shutil.copyfile(home.published_file, older)
    older.chmod(0o644)
    with duckdb.connect(str(older)) as file:
        file.execute("update quality.publication set build_id = ?", [older.stem])
    roll_back(home)
    # It is a copy: its inbox has another path.
    remember(home, state(logs(home)))
    assert main(["refresh"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Nothing new since build {newest.build_id}, which was rolled back: readers see build"
        f" {older.stem}.",
        f"Go back to it: warehouse publish --rollback {newest.build_id}",
        "Go on: the next new build ends the rollback (warehouse refresh with new logs, or"
        " warehouse build --full-refresh and warehouse publish)",
    ]
    assert read_publication(home).build_id == older.stem


def test_status_after_a_refresh_has_nothing_left_to_do(
    refreshed: tuple[Home, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, _ = refreshed
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main(["status"]) == 0
    assert "Next        nothing: all that landed is built and published" in capsys.readouterr().out
