"""dbt's tests as asset checks that say what they check.

The conservation of rows is one of them: `assert_every_landed_row_is_accounted_for` is a blocking
check of `quality/load_audit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

import dagster as dg

from orchestration.assets.dagster_dbt import DbtProject
from orchestration.assets.translation import Translator


class DescribingTranslator(Translator):
    """Describes a test that is a file of SQL by the comment that this opens with."""

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """Return the check of a dbt test, None where it belongs to another asset."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None or spec.description:
            return spec
        node = manifest["nodes"][unique_id]
        said = node.get("description") or opening_comment(node["raw_code"])
        return spec._replace(description=said) if said else spec


def opening_comment(sql: str) -> str:
    """Return the text of the comment lines that the SQL opens with."""
    lines = takewhile(lambda line: line.startswith("--"), sql.lstrip().splitlines())
    return " ".join(line.removeprefix("--").strip() for line in lines)
