"""The whole house as Dagster sees it: assets, checks, jobs, schedules and sensors over one home."""

from __future__ import annotations

import os

import dagster as dg

from orchestration.alerts import define_alerts
from orchestration.assets.landing import define_landing
from orchestration.assets.models import define_models
from orchestration.assets.publication import define_publication
from orchestration.assets.resource import dbt_resource
from orchestration.build.manifest import prepared_manifest
from orchestration.checks.definitions import define_checks
from orchestration.home import Home
from orchestration.instance import prepare_instance
from orchestration.reporter import Reporter
from orchestration.triggers import REFRESH, define_schedules, define_sensor


def define(home: Home) -> dg.Definitions:
    """Return the definitions over one home. The dbt project is parsed where it changed."""
    prepare_instance(home)
    manifest = prepared_manifest(home)
    models = define_models(manifest)
    refresh = dg.define_asset_job(
        REFRESH,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="Land the inbox, build, test and check every model, publish: one run.",
    )
    build = dg.define_asset_job(
        "build",
        selection=dg.AssetSelection.assets(models),
        executor_def=dg.in_process_executor,
        description="Build, test and check every model over what has landed; publish nothing.",
    )
    return dg.Definitions(
        assets=[define_landing(manifest), models, define_publication(models)],
        asset_checks=define_checks(models),
        jobs=[refresh, build],
        schedules=define_schedules(home),
        sensors=[define_sensor(home), *define_alerts(os.environ)],
        resources={"dbt": dbt_resource(), "home": home, "reporter": Reporter()},
        executor=dg.in_process_executor,
    )
