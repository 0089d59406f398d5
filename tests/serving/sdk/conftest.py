"""A service that may be written to, and an environment in which Dataloop's SDK is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from orchestration.home import PROJECT, Home
from serving.callers.hashing import password_hash
from serving.settings import Settings
from tests.serving.running import KEY, served_home
from tests.serving.sdk.pages import Printed

LOCK = Path(__file__).with_name("requirements.lock")
ENVIRONMENT = PROJECT / ".venv-dtlpy"
PASSWORD = "correct horse: battery"


@dataclass
class Served:
    """A service, the home that it answers from, and what the examples of a page print there."""

    url: str
    home: Home
    printed: Printed = field(default_factory=dict)


@pytest.fixture(scope="module")
def own_served(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over a copy of the published home, which takes what it is sent; it knows zoe."""
    root = tmp_path_factory.mktemp("sdk")
    home = Home(shutil.copytree(published_home.root, root / "home"))
    zoe = {
        "id": 9,
        "name": "zoe",
        "role": "owner",
        "org_id": 1,
        "password": password_hash(PASSWORD),
    }
    users = root / "users.yaml"
    users.write_text(yaml.safe_dump({"users": [zoe]}), encoding="utf-8")
    with served_home(home, Settings(jwt_key=KEY, users=users)) as url:
        yield Served(url, home)


@pytest.fixture(scope="session")
def dtlpy_python() -> Path:
    """The Python of an environment with what the lock beside this file says, made once."""
    python = ENVIRONMENT / "bin" / "python"
    wanted, installed = LOCK.read_bytes(), ENVIRONMENT / "installed.lock"
    with FileLock(f"{ENVIRONMENT}.lock"):
        if not installed.is_file() or installed.read_bytes() != wanted:
            uv("venv", "--clear", "--python", sys.executable, ENVIRONMENT)
            uv("pip", "install", "--python", python, "--no-deps", "--require-hashes", "-r", LOCK)
            installed.write_bytes(wanted)
    return python


def uv(*arguments: str | Path) -> None:
    beside = Path(sys.executable).with_name("uv")
    program = beside if beside.exists() else "uv"
    done = subprocess.run([program, *arguments, "--quiet"], capture_output=True, text=True)
    if done.returncode:
        why = " ".join(done.stderr.split())
        pytest.fail(f"The environment of dtlpy cannot be made: {why}", pytrace=False)
