"""All our own checks, over the models that there are."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from orchestration.checks import (
    freshness,
    idle_jobs,
    long_days,
    reported_time,
    silence,
    volume,
)
from orchestration.checks.warning import WarningCheck, define_warning, evaluated
from orchestration.home import Home
from orchestration.reporter import Reporter

WARNINGS = (
    WarningCheck(freshness.NAME, freshness.ASSET, freshness.DESCRIPTION, freshness.stale_sources),
    WarningCheck(volume.NAME, volume.ASSET, volume.DESCRIPTION, volume.unusual_days),
    WarningCheck(
        reported_time.NAME,
        reported_time.ASSET,
        reported_time.DESCRIPTION,
        reported_time.disagreements,
    ),
    WarningCheck(silence.NAME, silence.ASSET, silence.DESCRIPTION, silence.silent_organizations),
    WarningCheck(long_days.NAME, long_days.ASSET, long_days.DESCRIPTION, long_days.long_days),
    WarningCheck(idle_jobs.NAME, idle_jobs.ASSET, idle_jobs.DESCRIPTION, idle_jobs.idle_jobs),
)


def define_checks(models: dg.AssetsDefinition) -> list[dg.AssetChecksDefinition]:
    """Return the checks of these models; without its model there is nothing to check."""
    return [define_warning(warning) for warning in _possible(models)]


def evaluate_warnings(
    context: dg.AssetExecutionContext, home: Home, reporter: Reporter, models: dg.AssetsDefinition
) -> Iterator[dg.AssetCheckEvaluation]:
    """Make the checks of these models within a step that built them.

    The caller holds the write lock.
    """
    for warning in _possible(models):
        yield dg.AssetCheckEvaluation(
            asset_key=warning.asset_key,
            check_name=warning.name,
            **evaluated(warning, context.log, home, reporter),
        )


def _possible(models: dg.AssetsDefinition) -> list[WarningCheck]:
    return [warning for warning in WARNINGS if warning.asset_key in models.keys]
