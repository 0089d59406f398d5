"""The landing assets: what lies in the inbox enters the lake."""

# No postponed annotations here: Dagster reads the annotations themselves.
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from orchestration.home import Home
from orchestration.inbox import SETTLED_AFTER_S, logs, remember, state
from orchestration.intake import land_intake
from orchestration.landing import FileOutcome, ensure_lake, land
from orchestration.lock import JOB_WAIT_S, writing
from orchestration.reporter import Reporter

OWNERS = ["team:data-engineering"]

ACCEPTED = "every_file_was_accepted"


class LandingConfig(dg.Config):
    """What a run of the landing takes from the inbox."""

    settled_after_s: float = SETTLED_AFTER_S
    """Files that changed less than this many seconds ago wait for the next run."""


def define_landing(
    manifest: Path, pulls: Sequence[dg.AssetsDefinition] = ()
) -> dg.AssetsDefinition:
    """Return the landing assets: one for each table of the dbt source `lake`.

    What running systems hold lands before them: the pulls.
    """
    sources = json.loads(manifest.read_text())["sources"].values()
    described = {
        source["name"]: source["description"]
        for source in sources
        if source["source_name"] == "lake"
    }

    @dg.multi_asset(
        name="landing",
        specs=[
            dg.AssetSpec(
                landing_key(name),
                deps=[key for pull in pulls for key in pull.keys],
                description=description,
                group_name="landing",
                owners=OWNERS,
                kinds={"parquet"},
            )
            for name, description in described.items()
        ],
        check_specs=[
            dg.AssetCheckSpec(
                ACCEPTED,
                asset=landing_key("files"),
                description="No file of the inbox was refused: a refused file leaves no rows.",
            )
        ],
        can_subset=False,
    )
    def landing(
        context: dg.AssetExecutionContext,
        config: LandingConfig,
        home: dg.ResourceParam[Home],
        reporter: dg.ResourceParam[Reporter],
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        """Land what the service took, and every log of the inbox.

        A refused file fails a check and stops no other file.
        """
        with writing(home, f"Dagster run {context.run.run_id[:8]}", wait_s=JOB_WAIT_S):
            ensure_lake(home)
            files = logs(home, settled_after_s=config.settled_after_s)
            outcomes = land_intake(home, reporter.file_done)
            if files:
                outcomes += land(files, home, report=reporter.file_done)
            refused = [outcome for outcome in outcomes if outcome.status == "refused"]
            if not refused:
                remember(home, state(files))
        for name in described:
            yield dg.MaterializeResult(
                asset_key=landing_key(name), metadata=_metadata(name, outcomes)
            )
        yield dg.AssetCheckResult(
            asset_key=landing_key("files"),
            check_name=ACCEPTED,
            passed=not refused,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"refused": dg.MetadataValue.md("\n".join(map(str, refused)) or "none")},
        )

    return landing


def landing_key(name: str) -> dg.AssetKey:
    """Return the asset key of a relation of the lake: the one its dbt source names."""
    return dg.AssetKey(["landing", name])


def _metadata(name: str, outcomes: Sequence[FileOutcome]) -> dict[str, int]:
    """Return what one landing brought into one relation of the lake."""
    landed = [outcome for outcome in outcomes if outcome.status == "landed"]
    if name == "files":
        return {"files": len(landed)}
    if name == "quarantine":
        return dict(sum((Counter(outcome.reasons) for outcome in landed), Counter()))
    of_source = [outcome for outcome in landed if outcome.source == name]
    return {
        "files": len(of_source),
        "rows": sum(outcome.landed for outcome in of_source),
        "quarantined": sum(outcome.quarantined for outcome in of_source),
    }
