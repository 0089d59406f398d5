"""CVAT's names and states as an asset: what changed there lands before all else."""

# No postponed annotations here: Dagster reads the annotations themselves.
import os
from collections.abc import Iterator, Mapping

import dagster as dg

from orchestration.assets.landing import OWNERS
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.pulls.cvat_api.settings import configured
from orchestration.pulls.patience import FIRST_WAIT_S, Patience
from orchestration.reporter import Reporter

CVAT_API = "cvat_api"

READ = "every_name_was_read"


class NamesConfig(dg.Config):
    """How to ask; whom stands in the environment."""

    first_wait_s: float = FIRST_WAIT_S
    """How long to wait before the first retry, in seconds; each later wait is twice as long."""


def define_cvat_api(environment: Mapping[str, str]) -> list[dg.AssetsDefinition]:
    """Return the asset, if there are settings for it.

    Raises WarehouseError for a setting that cannot be right.
    """
    source = configured(environment)
    if source is None:
        return []

    @dg.multi_asset(
        name=CVAT_API,
        specs=[
            dg.AssetSpec(
                CVAT_API,
                description=(
                    "Organizations, projects, tasks, jobs, labels, users and issues of"
                    f" {source}: those that changed since the last pull, as a load of the lake."
                ),
                group_name="landing",
                owners=OWNERS,
                kinds={"parquet"},
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                READ,
                asset=CVAT_API,
                description=(
                    "CVAT's API showed all that it was asked for. Where it did not, names stay as"
                    " they were, and what else is new is built all the same."
                ),
            )
        ],
    )
    def cvat_api(
        context: dg.AssetExecutionContext,
        config: NamesConfig,
        home: dg.ResourceParam[Home],
        reporter: dg.ResourceParam[Reporter],
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        # CVAT's SDK takes a second to import: only where it is used.
        from orchestration.pulls.cvat_api.pull import Pulled, pull

        patience = Patience(say=context.log.warning, first_wait_s=config.first_wait_s)
        pulled, why = Pulled(), ""
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            try:
                pulled = pull(home, source, os.environ, patience)
            except WarehouseError as error:
                why = str(error)
                context.log.error(why)
                reporter.pull_failed(why)
        yield dg.MaterializeResult(
            metadata={**pulled.seen, "changed": pulled.changed, "gone": pulled.gone}
        )
        yield dg.AssetCheckResult(
            check_name=READ,
            passed=not why,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"why": why or "it was"},
        )

    return [cvat_api]
