"""`warehouse pull`: what a running system has enters the lake; each system is a package."""

from __future__ import annotations

import importlib
from argparse import Namespace

from orchestration.home import Home


def run(arguments: Namespace, home: Home) -> int:
    """Run the pull of that name: `pull cvat-clickhouse` is orchestration.pulls.cvat_clickhouse."""
    package = arguments.system.replace("-", "_")
    command = importlib.import_module(f"orchestration.pulls.{package}.command")
    return command.run(arguments, home)
