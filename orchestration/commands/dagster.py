"""`warehouse dagster`: Dagster's web interface over this warehouse."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from orchestration.build.dbt import executable
from orchestration.build.manifest import prepared_manifest
from orchestration.home import PROJECT, Home
from orchestration.instance import prepare_instance


def run(arguments: Namespace, home: Home) -> int:
    """Become `dagster dev` with this home's history; what is wrong with dbt is said before."""
    prepare_instance(home)
    prepared_manifest(home)
    os.chdir(PROJECT)
    dagster = str(executable().with_name("dagster"))
    # `dg dev` would need the checkout around it; this needs the package only, and is as good.
    os.environ["PYTHONWARNINGS"] = "ignore::FutureWarning"
    sys.stdout.flush()
    os.execv(
        dagster,
        [dagster, "dev", "-m", "orchestration.definitions", "--port", str(arguments.port)],
    )
