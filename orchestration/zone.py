"""The time zone in which the warehouse counts days."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from orchestration.home import PROJECT


def reporting_timezone(variables: Mapping[str, object] | None = None) -> str:
    """Return the zone that these dbt variables name, that of dbt_project.yml where they do not."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    known = {**project.get("vars", {}), **(variables or {})}
    return str(known.get("reporting_timezone", "UTC"))
