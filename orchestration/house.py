"""The whole house as Dagster sees it: assets, checks, jobs, schedules and sensors over one home."""

from __future__ import annotations

import os

import dagster as dg

from orchestration.alerts import define_alerts
from orchestration.assets.cvat_api import define_cvat_api
from orchestration.assets.cvat_clickhouse import define_cvat_clickhouse
from orchestration.assets.event_days import EVENT_DAYS, define_event_days
from orchestration.assets.landing import define_landing
from orchestration.assets.models import define_models
from orchestration.assets.publication import define_publication
from orchestration.assets.resource import dbt_resource
from orchestration.build.manifest import prepared_manifest
from orchestration.checks.definitions import define_checks
from orchestration.checks.full_rebuild import define_full_rebuild_check
from orchestration.home import Home
from orchestration.instance import prepare_instance
from orchestration.reporter import Reporter
from orchestration.triggers import (
    COMPARED,
    FULL_REBUILD,
    REFRESH,
    define_schedules,
    define_sensor,
)


def define(home: Home) -> dg.Definitions:
    """Return the definitions over one home. The dbt project is parsed where it changed."""
    prepare_instance(home)
    manifest = prepared_manifest(home)
    pulls = [*define_cvat_clickhouse(os.environ), *define_cvat_api(os.environ)]
    landing, models = define_landing(manifest, pulls), define_models(manifest)
    full_rebuild = define_full_rebuild_check()
    # Its partitions are for days that somebody picks; no other run needs one.
    everything = dg.AssetSelection.all() - dg.AssetSelection.assets(EVENT_DAYS)
    jobs = [
        dg.define_asset_job(
            REFRESH,
            selection=everything - dg.AssetSelection.checks(full_rebuild),
            description="Land the inbox, build, test and check every model, publish: one run.",
        ),
        dg.define_asset_job(
            "build",
            selection=dg.AssetSelection.assets(models),
            description="Build, test and check every model over what landed; publish nothing.",
        ),
        dg.define_asset_job(
            FULL_REBUILD,
            selection=everything,
            config={"ops": {"models": {"config": COMPARED}}},
            description=(
                "Refresh by rebuilding everything from the lake, and compare it with the state"
                " before: where they differ, the run fails after it has published what is right."
            ),
        ),
    ]
    return dg.Definitions(
        assets=[
            *pulls,
            landing,
            models,
            define_publication(models),
            define_event_days(home, manifest, landing, models),
        ],
        asset_checks=[*define_checks(models), full_rebuild],
        jobs=jobs,
        schedules=define_schedules(home),
        sensors=[define_sensor(home), *define_alerts(os.environ)],
        resources={"dbt": dbt_resource(), "home": home, "reporter": Reporter()},
        executor=dg.in_process_executor,
    )
