"""Kill `warehouse` at any moment: nothing is lost, nothing half done is seen, nothing needs repair.

LAW_KILLS says how many kills (6); LAW_SEED moves their moments.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import pytest
import yaml

from orchestration.build import dbt
from orchestration.cli import main
from orchestration.home import PROJECT, Home
from tests.conftest import built
from tests.law.compare import differences
from tests.law.conftest import TRIED
from tests.law.files import write_files
from tests.law.logs import Case, case

KILLS = int(os.environ.get("LAW_KILLS", "6"))
SEED = int(os.environ.get("LAW_SEED", "0"))

LOADS = 2

THIRD = KILLS // 3
COUNTS = {"land": THIRD, "build": THIRD, "publish": KILLS - 2 * THIRD}
"""Command -> how often it is killed."""


BEGUN = re.compile(rb'"msg": "(\d+) of (\d+) START ')
"""What dbt's log says as a model or a test begins: which one, and of how many."""

Moment = Callable[[], bool]
"""Whether it has come, asked again and again."""


@dataclass(frozen=True)
class Victim:
    """A home, and the commands that run over it."""

    home: Home
    checkout: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `warehouse` in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration", *arguments],
            cwd=self.checkout,
            env={**os.environ, "WAREHOUSE_HOME": str(self.home.root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> float:
        """Run a command to its end and return how many seconds it took."""
        started = time.monotonic()
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, said
        return time.monotonic() - started

    def is_killed(self, moment: Moment, *arguments: str) -> bool:
        """Kill a command and all that it started at that moment; False if it ended before."""
        process = self.start(*arguments)
        while process.poll() is None:
            if moment():
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return True
            time.sleep(0.02)
        said, _ = process.communicate()
        assert process.returncode == 0, said
        return False

    def seen(self) -> str | None:
        """Return the one build that readers see, None where nothing is published."""
        if not self.home.published_file.exists():
            return None
        with duckdb.connect(str(self.home.published_file), read_only=True) as reader:
            builds = reader.execute("select build_id from quality.publication").fetchall()
            reader.execute("from measures.active_users").fetchall()
            reader.execute("from core.fct_activity").fetchall()
        ((build_id,),) = builds
        return build_id


@pytest.fixture(scope="module")
def tried() -> Case:
    """Three islands that come in two loads."""
    drawn = case(range(SEED + 700, SEED + 703), {})
    return Case(drawn.islands, drawn.loads[:LOADS])


@pytest.fixture(scope="module")
def loads(tried: Case, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    files = write_files(tried, tmp_path_factory.mktemp("crash") / "files")
    return [[str(path) for key, path in files.items() if key[0] == load] for load in range(LOADS)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, loads: list[list[str]]) -> Home:
    """Return a home in which nothing went wrong."""
    return built(
        Home(tmp_path_factory.mktemp("undisturbed")),
        *(Path(path) for part in loads for path in part),
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout of this project without the tests of columns, which write nothing.

    They take half of a build; the assertions stay.
    """
    checkout = tmp_path_factory.mktemp("checkout")
    for part in ("orchestration", "models", "macros", "seeds", "tests/assertions"):
        shutil.copytree(PROJECT / part, checkout / part)
    shutil.copy(PROJECT / "profiles.yml", checkout)
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    folders = ("staging", "intermediate", "marts")
    settings["data_tests"]["annotation_warehouse"] = {name: {"+enabled": False} for name in folders}
    (checkout / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    return checkout


def test_killed_at_any_moment_it_ends_as_if_it_had_not_been(
    undisturbed: Home,
    checkout: Path,
    loads: list[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    victim = Victim(Home(tmp_path / "home"), checkout)
    monkeypatch.setenv("WAREHOUSE_HOME", str(victim.home.root))
    shares, killed = Random(SEED), Counter[str]()
    for number, paths in enumerate(loads):
        for arguments in (["land", *paths], ["build"], ["publish"]):
            command = arguments[0]
            count = COUNTS[command] * (number + 1) // LOADS - killed[command]
            seconds = 0.0 if command == "build" else _seconds(victim, arguments)
            for share in _spread(shares, count):
                _kill(victim, arguments, share, seconds)
                killed[command] += 1
            victim.run(*arguments)
    for command, count in killed.items():
        request.config.stash.setdefault(TRIED, Counter())[f"kills of {command}"] += count

    assert killed.total() == KILLS
    assert differences(victim.home.build_file, undisturbed.build_file) == []
    assert _left_behind(victim.home) == []


def _seconds(victim: Victim, arguments: Sequence[str]) -> float:
    """Return how long a command takes when left alone, tried on a copy of the home."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Home(Path(folder) / "home")
        if victim.home.root.exists():
            shutil.copytree(victim.home.root, copy.root)
        return Victim(copy, victim.checkout).run(*arguments)


def _spread(shares: Random, count: int) -> list[float]:
    """Return random shares of a command (0 to 1), one in each of so many equal parts."""
    return [(part + shares.random()) / count for part in range(count)]


def _kill(victim: Victim, arguments: Sequence[str], share: float, seconds: float) -> None:
    """Kill the command when that share of it is done: readers see what they saw, or the new build.

    A build is measured by what dbt has begun, other commands by the seconds that they take.
    """
    command = arguments[0]
    before = victim.seen()
    record = victim.home.build_record
    while not victim.is_killed(_moment(victim.home, command, share, seconds), *arguments):
        # It was faster than it had been.
        assert command != "build"
        share *= 0.8
    after = victim.seen()
    if command != "publish":
        assert after == before
    elif after != before:
        assert after in record.read_text()
    if not record.exists():
        # A build that did not come to its end is not published.
        assert main(["publish"]) == 1
        assert victim.seen() == after


def _moment(home: Home, command: str, share: float, seconds: float) -> Moment:
    """Return the moment at which that share of a command that starts now is done."""
    if command == "build":
        return _begun(dbt.target(home) / "dbt.log", share)
    end = time.monotonic() + share * seconds
    return lambda: time.monotonic() >= end


def _begun(log: Path, share: float) -> Moment:
    """Return the moment at which dbt has begun that share of its models and tests."""
    log.unlink(missing_ok=True)
    at = 0

    def has_come() -> bool:
        nonlocal at
        if not log.exists():
            return False
        with log.open("rb") as file:
            file.seek(at)
            news = file.read()
        lines = news[: news.rfind(b"\n") + 1]
        at += len(lines)
        return any(int(number) / int(of) >= share for number, of in BEGUN.findall(lines))

    return has_come


def _left_behind(home: Home) -> list[Path]:
    """Return what killed commands left and later ones did not clean up."""
    places = ("lake/.incoming-*", "published/.incoming-*", "tmp/landing-*", "*.wal")
    return [path for place in places for path in home.root.glob(place)]
