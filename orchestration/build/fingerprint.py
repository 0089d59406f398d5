"""What a build is a function of: the landed loads, the project, its variables, the engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

PARTS = ("models", "macros", "seeds", "tests/assertions")
SUFFIXES = (".sql", ".yml", ".yaml", ".csv", ".md")


def _files(project: Path) -> Iterator[Path]:
    yield project / "dbt_project.yml"
    yield project / "profiles.yml"
    for part in PARTS:
        for path in sorted((project / part).rglob("*")):
            if path.suffix in SUFFIXES:
                yield path


def project_fingerprint(project: Path) -> str:
    """Return a key of the dbt project's content and of the versions that read it."""
    digest = hashlib.sha256()
    for package in ("dbt-core", "dbt-duckdb", "duckdb"):
        digest.update(f"{package} {version(package)}\n".encode())
    for path in _files(project):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(project)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def build_fingerprint(project: Path, loads: Sequence[str], variables: Mapping[str, Any]) -> str:
    """Return a key that is equal exactly where a build would find nothing new to do."""
    parts = [project_fingerprint(project), sorted(loads), variables]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
