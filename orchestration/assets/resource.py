"""The dbt that the assets run."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import version as installed

from packaging.version import Version, parse

from orchestration.assets.dagster_dbt import DbtCliResource
from orchestration.build.dbt import executable
from orchestration.home import PROJECT


class Dbt(DbtCliResource):
    """dagster-dbt's resource without two steps that cost seconds and give nothing here."""

    @cached_property
    def _cli_version(self) -> Version:
        # `dbt --version` starts a second interpreter and asks the package index for news.
        return parse(installed("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: object) -> None:
        # Only fetch_row_counts and fetch_column_metadata need an adapter in this process.
        return None


def dbt_resource() -> Dbt:
    """Return the dbt beside this Python over this project."""
    return Dbt(
        project_dir=str(PROJECT), profiles_dir=str(PROJECT), dbt_executable=str(executable())
    )
