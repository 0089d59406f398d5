"""The dbt assets: one build of the whole project, its tests as asset checks."""

# No postponed annotations here: Dagster reads the annotations themselves.
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.assets.building import AttemptConfig, Order, Step, build
from orchestration.assets.dagster_dbt import dbt_assets
from orchestration.assets.resource import Dbt
from orchestration.checks.translation import DescribingTranslator
from orchestration.days import days_between, last_days
from orchestration.home import Home
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.reporter import Reporter


class BuildConfig(AttemptConfig):
    """What to build besides what is new."""

    full_refresh: bool = False
    """Rebuild everything from the lake."""
    compare: bool = False
    """With full_refresh: let the check `a_full_rebuild_changes_nothing` see what changed."""
    rebuild_from: str = ""
    """Rebuild the event days (UTC) from this one on, such as 2026-01-01."""
    rebuild_to: str = ""
    """Rebuild the event days up to this one. Without the other: from the first that landed."""
    rebuild_last_days: int = 0
    """Rebuild so many of the last event days, counted when the build starts."""

    def order(self, home: Home) -> Order:
        """Return what this asks for, seen from what has landed; UsageError for what is no day."""
        names = ("rebuild_from", "rebuild_to")
        days = days_between(home, self.rebuild_from, self.rebuild_to, names)
        if days is None and self.rebuild_last_days > 0:
            days = last_days(home, self.rebuild_last_days)
        return Order(days, self.full_refresh, self.compare and self.full_refresh)


def define_models(manifest: Path) -> dg.AssetsDefinition:
    """Return the assets of the parsed dbt project."""

    @dbt_assets(manifest=manifest, dagster_dbt_translator=DescribingTranslator(), name="models")
    def models(
        context: dg.AssetExecutionContext,
        config: BuildConfig,
        dbt: Dbt,
        home: dg.ResourceParam[Home],
        reporter: dg.ResourceParam[Reporter],
    ) -> Iterator[Any]:
        """Build and test. The record vanishes as this starts and returns when all succeeded."""
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            step = Step(context, config, dbt, home, reporter)
            yield from build(step, config.order(home), {"context": context})

    return models
