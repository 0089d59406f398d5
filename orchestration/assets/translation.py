"""How dbt's nodes look in Dagster: groups are folders, owners a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from orchestration.assets.dagster_dbt import DagsterDbtTranslator

OWNERS = ["team:analytics-engineering"]


def folder(node: Mapping[str, Any]) -> str:
    """Return the folder that says what a node is: staging, core, measures, ..., seeds."""
    parts = PurePosixPath(node["original_file_path"]).parts
    if parts[0] != "models":
        return parts[0]
    return parts[2] if parts[1] == "marts" else parts[1]


class Translator(DagsterDbtTranslator):
    """Groups dbt's nodes the way the project's folders do. Sources name their landing asset."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Group by folder."""
        return folder(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:
        """Take the owners that a model declares, else the team that owns the project."""
        return super().get_owners(dbt_resource_props) or OWNERS
