"""Kill `warehouse` at any moment: nothing is lost, nothing half done is seen, nothing needs repair.

LAW_KILLS says how many kills (6); LAW_SEED moves their moments.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import duckdb
import pytest

from orchestration.cli import main
from orchestration.home import PROJECT, Home
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


@dataclass
class Victim:
    """A home, the commands that run over it, and how long each takes when left alone."""

    home: Home
    seconds: dict[str, float] = field(default_factory=dict)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `warehouse` in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration", *arguments],
            cwd=PROJECT,
            env={**os.environ, "WAREHOUSE_HOME": str(self.home.root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> None:
        """Run a command to its end."""
        started = time.monotonic()
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, said
        self.seconds[arguments[0]] = time.monotonic() - started

    def is_killed(self, after_s: float, *arguments: str) -> bool:
        """Kill a command and all that it started after some time; False if it ended before."""
        process = self.start(*arguments)
        try:
            said, _ = process.communicate(timeout=after_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return True
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
def undisturbed(tmp_path_factory: pytest.TempPathFactory, loads: list[list[str]]) -> Victim:
    """Return a home in which nothing went wrong."""
    lucky = Victim(Home(tmp_path_factory.mktemp("undisturbed")))
    lucky.run("land", *(path for paths in loads for path in paths))
    lucky.run("build")
    lucky.run("publish")
    return lucky


def test_killed_at_any_moment_it_ends_as_if_it_had_not_been(
    undisturbed: Victim,
    loads: list[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    victim = Victim(Home(tmp_path / "home"), dict(undisturbed.seconds))
    monkeypatch.setenv("WAREHOUSE_HOME", str(victim.home.root))
    moments, killed = Random(SEED), Counter[str]()
    for number, paths in enumerate(loads):
        for arguments in (["land", *paths], ["build"], ["publish"]):
            command = arguments[0]
            count = COUNTS[command] * (number + 1) // LOADS - killed[command]
            for moment in _spread(moments, count):
                _kill(victim, arguments, moment)
                killed[command] += 1
            victim.run(*arguments)
    for command, count in killed.items():
        request.config.stash.setdefault(TRIED, Counter())[f"kills of {command}"] += count

    assert killed.total() == KILLS
    assert differences(victim.home.build_file, undisturbed.home.build_file) == []
    assert _left_behind(victim.home) == []


def _spread(moments: Random, count: int) -> list[float]:
    """Return random moments of a command's time (0 to 1), one in each of so many equal parts."""
    return [(part + moments.random()) / count for part in range(count)]


def _kill(victim: Victim, arguments: Sequence[str], moment: float) -> None:
    """Kill the command at that moment, and see that readers see what they saw, or the new build."""
    before = victim.seen()
    record = victim.home.build_record
    while not victim.is_killed(moment * victim.seconds[arguments[0]], *arguments):
        # It was faster than it had been, and has nothing left to do.
        moment *= 0.8
        if arguments[0] == "build":
            arguments = ["build", "--full-refresh"]
    after = victim.seen()
    if arguments[0] != "publish":
        assert after == before
    elif after != before:
        assert after in record.read_text()
    if not record.exists():
        # A build that did not come to its end is not published.
        assert main(["publish"]) == 1
        assert victim.seen() == after


def _left_behind(home: Home) -> list[Path]:
    """Return what killed commands left and later ones did not clean up."""
    places = ("lake/.incoming-*", "published/.incoming-*", "tmp/landing-*", "*.wal")
    return [path for place in places for path in home.root.glob(place)]
