"""The events of CVAT's own ClickHouse as an asset: what is new there lands before all else."""

# No postponed annotations here: Dagster reads the annotations themselves.
from collections.abc import Iterator, Mapping
from dataclasses import replace

import dagster as dg

from orchestration.assets.landing import OWNERS
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.landing import FileOutcome
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.pulls.cvat_clickhouse.settings import OVERLAP_DAYS, SLICE_ROWS, configured
from orchestration.pulls.patience import FIRST_WAIT_S, Patience
from orchestration.reporter import Reporter

CVAT_CLICKHOUSE = "cvat_clickhouse"

READ = "it_was_read_to_the_end"


class PullConfig(dg.Config):
    """How to read; where from stands in the environment."""

    overlap_days: int = OVERLAP_DAYS
    """For how many days back late rows are looked for minute by minute."""
    slice_rows: int = SLICE_ROWS
    """How many rows are read at once."""
    first_wait_s: float = FIRST_WAIT_S
    """How long to wait before the first retry, in seconds; each later wait is twice as long."""


def define_cvat_clickhouse(environment: Mapping[str, str]) -> list[dg.AssetsDefinition]:
    """Return the asset, if there are settings for it.

    Raises WarehouseError for a setting that cannot be right.
    """
    order = configured(environment)
    if order is None:
        return []

    @dg.multi_asset(
        name=CVAT_CLICKHOUSE,
        specs=[
            dg.AssetSpec(
                CVAT_CLICKHOUSE,
                description=(
                    f"The rows of {order.source} that have not landed yet, as loads of the lake."
                ),
                group_name="landing",
                owners=OWNERS,
                kinds={"clickhouse", "parquet"},
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                READ,
                asset=CVAT_CLICKHOUSE,
                description=(
                    "CVAT's ClickHouse answered until all its rows had landed. Where it did not,"
                    " what else is new is built all the same."
                ),
            )
        ],
    )
    def cvat_clickhouse(
        context: dg.AssetExecutionContext,
        config: PullConfig,
        home: dg.ResourceParam[Home],
        reporter: dg.ResourceParam[Reporter],
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        # The client of ClickHouse is imported where it is used.
        from orchestration.pulls.cvat_clickhouse.pull import pull

        outcomes: list[FileOutcome] = []

        def landed(outcome: FileOutcome) -> None:
            outcomes.append(outcome)
            reporter.file_done(outcome)

        patience = Patience(say=context.log.warning, first_wait_s=config.first_wait_s)
        asked = replace(order, overlap_days=config.overlap_days, slice_rows=config.slice_rows)
        why = ""
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            try:
                pull(home, asked, patience, landed=landed)
            except WarehouseError as error:
                why = str(error)
                context.log.error(why)
                reporter.pull_failed(why)
        yield dg.MaterializeResult(
            metadata={
                "rows": sum(outcome.landed for outcome in outcomes),
                "slices": len(outcomes),
                "quarantined": sum(outcome.quarantined for outcome in outcomes),
            }
        )
        yield dg.AssetCheckResult(
            check_name=READ,
            passed=not why,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"why": why or "it was"},
        )

    return [cvat_clickhouse]
