"""The event days as partitions: pick days in Dagster, and one run rebuilds and publishes them."""

# No postponed annotations here: Dagster reads the annotations themselves.
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.assets.building import AttemptConfig, Order, Step, build
from orchestration.assets.publication import PUBLISHED, published
from orchestration.assets.resource import Dbt
from orchestration.assets.translation import OWNERS
from orchestration.checks.definitions import evaluate_warnings
from orchestration.checks.translation import DescribingTranslator
from orchestration.days import Days, event_days, first_event_day
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.reporter import Reporter

EVENT_DAYS = "event_days"


def define_event_days(
    home: Home, manifest: Path, landing: dg.AssetsDefinition, models: dg.AssetsDefinition
) -> dg.AssetsDefinition:
    """Return the partitioned asset over what landed, beside these models.

    The models themselves are not partitioned: a refresh finds by itself which days to build, and
    must not be asked for one. What is picked here is done by one dbt build, so that dbt's start
    and its tests are paid once: hence one run, however many days.
    """
    # Today is a partition too, since its events land today.
    with warnings.catch_warnings():
        # A whole policy for backfills is called beta; one run for all days is what it began with.
        warnings.simplefilter("ignore", dg.BetaWarning)
        as_asset = dg.asset(
            name=EVENT_DAYS,
            partitions_def=dg.DailyPartitionsDefinition(
                start_date=f"{_first_day(home)}", end_offset=1
            ),
            backfill_policy=dg.BackfillPolicy.single_run(),
            deps=sorted(landing.keys),
            group_name="rebuild",
            owners=OWNERS,
            kinds={"dbt", "duckdb"},
            description=(
                "The days of the log (UTC). Materializing some rebuilds these days in every model"
                " from the lake, tests and checks the result and publishes it, in one run. For"
                " days that are in doubt: what is new is built by every refresh anyway."
            ),
        )

    @as_asset
    def rebuilt_days(
        context: dg.AssetExecutionContext,
        config: AttemptConfig,
        dbt: Dbt,
        home: dg.ResourceParam[Home],
        reporter: dg.ResourceParam[Reporter],
    ) -> Iterator[Any]:
        asked = context.partition_key_range
        days = Days(date.fromisoformat(asked.start), date.fromisoformat(asked.end))
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            selected = {
                "manifest": manifest,
                "dagster_dbt_translator": DescribingTranslator(),
            }
            step = Step(context, config, dbt, home, reporter)
            yield from build(step, Order(days), selected)
            yield from evaluate_warnings(context, home, reporter, models)
            publication = published(home)
            yield dg.AssetMaterialization(PUBLISHED, metadata=publication)
        yield dg.MaterializeResult(
            metadata={
                "build_id": publication["build_id"],
                "days": f"{days}",
                "days_with_events": len(days.of(event_days(home))),
            }
        )

    return rebuilt_days


def _first_day(home: Home) -> date:
    """Return the first event day, as the definitions load: none before it could hold anything."""
    try:
        first = first_event_day(home)
    except WarehouseError:
        # What is wrong with the lake is for the build to say, and not for all of Dagster.
        first = None
    return first or datetime.now(UTC).date()
