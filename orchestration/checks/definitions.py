"""All our own checks, over the models that there are."""

from __future__ import annotations

import dagster as dg

from orchestration.checks import freshness, reported_time, volume
from orchestration.checks.warning import define_warning

CHECKS = (
    (freshness, freshness.stale_sources),
    (volume, volume.unusual_days),
    (reported_time, reported_time.disagreements),
)


def define_checks(models: dg.AssetsDefinition) -> list[dg.AssetChecksDefinition]:
    """Return the checks of these models; without its model there is nothing to check."""
    there = {key.to_user_string() for key in models.keys}
    return [
        define_warning(check.NAME, check.ASSET, check.DESCRIPTION, find)
        for check, find in CHECKS
        if check.ASSET in there
    ]
