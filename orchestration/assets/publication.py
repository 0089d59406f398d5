"""The last asset: what readers open."""

# No postponed annotations here: Dagster reads the annotations themselves.
import dagster as dg

from orchestration.assets.translation import OWNERS
from orchestration.home import Home
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.publish import publish
from orchestration.publish.copying import bytes_on_disk

PUBLISHED = "published_warehouse"

PUBLISHED_GROUPS = {"core", "rollups", "measures", "reports", "quality"}


def define_publication(models: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """Return the publishing asset: it stands behind all models that readers get to see."""
    read = [spec.key for spec in models.specs if spec.group_name in PUBLISHED_GROUPS]

    @dg.asset(
        name=PUBLISHED,
        deps=read,
        group_name="publish",
        owners=OWNERS,
        kinds={"duckdb"},
        description=(
            "The DuckDB file that analysts and BI tools open. It is replaced as a whole after a"
            " build in which every model and test succeeded: readers see all marts change at"
            " once, or not at all."
        ),
    )
    def published_warehouse(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]
    ) -> dg.MaterializeResult:
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            return dg.MaterializeResult(metadata=published(home))

    return published_warehouse


def published(home: Home) -> dict[str, str | int]:
    """Publish the last build and return what there is to tell. The caller holds the write lock."""
    state = publish(home)
    return {
        "build_id": state.build_id,
        "published_at": f"{state.published_at:%Y-%m-%d %H:%M:%S} UTC",
        "data_through": f"{state.data_through} UTC",
        "bytes": bytes_on_disk(home.published_file),
    }
