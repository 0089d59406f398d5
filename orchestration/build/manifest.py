"""The parsed dbt project, which Dagster's definitions need: parsed once, kept until it changes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from orchestration.build.dbt import environment, executable, folder, target
from orchestration.build.fingerprint import project_fingerprint
from orchestration.errors import WarehouseError
from orchestration.home import PROJECT, Home

LOG_PREFIX = re.compile(r"^\d\d:\d\d:\d\d +(\[ERROR\]: )?(Encountered an error:\n)?", re.MULTILINE)


def prepared_manifest(home: Home) -> Path:
    """Return the manifest of the project as it is now, parsing it only where it changed.

    Raises WarehouseError with dbt's own message where the project does not parse.
    """
    manifest = folder(home) / f"manifest-{project_fingerprint(PROJECT)}.json"
    if manifest.exists():
        return manifest
    target(home).mkdir(parents=True, exist_ok=True)
    parsing = subprocess.run(
        [str(executable()), "--quiet", "--no-use-colors", "parse"],
        env=environment(home),
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    if parsing.returncode:
        said = LOG_PREFIX.sub("", parsing.stdout + parsing.stderr).strip()
        said = said or f"dbt parse ended with exit code {parsing.returncode}"
        raise WarehouseError(f"dbt cannot read the project in {PROJECT}:\n{said}")
    unfinished = manifest.with_suffix(".tmp")
    shutil.copyfile(target(home) / "manifest.json", unfinished)
    for stale in folder(home).glob("manifest-*.json"):
        stale.unlink(missing_ok=True)
    return unfinished.replace(manifest)
