"""A checkout small enough to break, logs small enough to read, and `warehouse` run from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from orchestration.home import PROJECT

Run = Callable[..., subprocess.CompletedProcess]

HEADER = (
    "scope,obj_name,obj_id,obj_val,source,timestamp,count,duration,project_id,task_id,job_id,"
    "user_id,user_name,user_email,org_id,org_slug,payload,access_token_id"
)

SMALL_PROJECT = {
    "dbt_project.yml": """
        name: small
        version: "1.0"
        profile: small
        flags: {send_anonymous_usage_stats: false}
        vars: {mark: 0}
        models:
          small:
            staging: {+schema: staging, +materialized: table}
            marts: {core: {+schema: core, +materialized: table}}
    """,
    "profiles.yml": """
        small:
          target: duckdb
          outputs:
            duckdb:
              type: duckdb
              path: "{{ env_var('WAREHOUSE_HOME') }}/warehouse.duckdb"
    """,
    "macros/generate_schema_name.sql": """
        {% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}
    """,
    "models/staging/stg_events.sql": "select * from {{ source('lake', 'cvat_events') }}",
    "models/marts/core/fct_events.sql": """
        select user_id, scope, {{ var('mark') }} as mark from {{ ref('stg_events') }}
    """,
    "models/staging/_staging.yml": """
        sources:
          - name: lake
            config:
              meta:
                external_location: >-
                  read_parquet('{{ env_var("WAREHOUSE_HOME") }}/lake/*/{name}.parquet')
            tables:
              - name: cvat_events
                description: Rows.
                config: {meta: {dagster: {asset_key: [landing, cvat_events]}}}
              - name: files
                description: Files.
                config: {meta: {dagster: {asset_key: [landing, files]}}}
        models:
          - name: fct_events
            columns:
              - name: user_id
                data_tests: [not_null]
          - name: dim_users
            columns:
              - name: user_id
                data_tests: [not_null]
    """,
    "models/marts/core/dim_users.sql": """
        select distinct user_id from {{ ref('stg_events') }}
    """,
}


def csv_line(user_id: int | str, second: int) -> str:
    """Return one CVAT event of January 2026 as a line of CVAT's CSV export."""
    return (
        f"create:job,,1,,server,2026-01-05 08:00:{second:02d}.000000+00:00,,0,1,2,3,"
        f"{user_id},ann,ann@example.com,,,,"
    )


def write_csv(path: Path, *lines: str) -> Path:
    """Write lines as a CVAT CSV export and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\r\n".join([HEADER, *lines, ""]), newline="")
    return path


def write_checkout(checkout: Path) -> Path:
    """Write a checkout with this orchestration over the small project and return its path."""
    shutil.copytree(
        PROJECT / "orchestration",
        checkout / "orchestration",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name, text in SMALL_PROJECT.items():
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.splitlines()
        path.write_text("\n".join(line.removeprefix("        ") for line in lines) + "\n")
    return checkout


def runner(checkout: Path) -> Run:
    """Return a function that runs `warehouse` from that checkout, as a user would."""

    def run(home: Path, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "orchestration", *arguments],
            cwd=checkout,
            # dbt must be found without the environment's folder on PATH.
            env={**os.environ, "WAREHOUSE_HOME": str(home), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run
