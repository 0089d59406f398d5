"""Running one of the scheduled jobs in this process, for a command on a terminal."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from typing import Any

from orchestration.build.manifest import prepared_manifest
from orchestration.home import Home
from orchestration.reporter import Reporter

QUIET_CONSOLE = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_job(home: Home, name: str, config: Mapping[str, Any], reporter: Reporter) -> None:
    """Run the job to its end, in the home's run history like any other run.

    The caller holds the write lock. Raises what an asset raised: WarehouseError where a user can
    do something about it.
    """
    with ThreadPoolExecutor(1) as pool:
        # Parsing is another process: it goes on while this one imports Dagster.
        parsing = pool.submit(prepared_manifest, home)
        from dagster import DagsterExecutionInterruptedError

        from orchestration.house import define
        from orchestration.instance import quiet_instance

        parsing.result()
    with (
        open(os.devnull, "w") as nowhere,
        # dagster-dbt repeats dbt's log on standard output; the log itself stays in the home.
        redirect_stdout(nowhere),
        warnings.catch_warnings(),
        quiet_instance(home) as instance,
    ):
        warnings.simplefilter("ignore")
        definitions = define(home)
        job = definitions.resolve_job_def(name)
        try:
            job.execute_in_process(
                instance=instance,
                run_config={**config, **QUIET_CONSOLE},
                resources={**definitions.resources, "reporter": reporter},
            )
        except DagsterExecutionInterruptedError as stopped:
            raise KeyboardInterrupt from stopped
