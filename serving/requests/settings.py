"""What the environment says of exports: how long results stay, how many are made at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.errors import UsageError


@dataclass(frozen=True)
class ExportSettings:
    """The settings of exports."""

    keep_s: int = 86_400
    """How long a result stays, in seconds after its end."""
    workers: int = 2
    """How many are made at once; each may take 512 MB for sorting."""
    waiting: int = 20
    """How many one caller may have that are not made yet."""


def from_environment(environment: Mapping[str, str] = os.environ) -> ExportSettings:
    """Return what the environment says. Raises UsageError with a line for what cannot be."""
    return ExportSettings(
        keep_s=_number(environment, "WAREHOUSE_EXPORT_KEEP_SECONDS", ExportSettings.keep_s),
        workers=_number(environment, "WAREHOUSE_EXPORT_WORKERS", ExportSettings.workers),
        waiting=_number(environment, "WAREHOUSE_EXPORT_WAITING", ExportSettings.waiting),
    )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise UsageError(f"{name} is {text!r}; it must be a whole number above 0")
    return int(text)
