"""dbt's connections, where a build needs more memory than it may have."""

from pathlib import Path

import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.environments.local import LocalEnvironment
from jinja2 import Template

from orchestration.home import PROJECT

LARGE = "create temp table large as select hash(range) as noise from range(12000000) order by 1"


def credentials(home: Path) -> DuckDBCredentials:
    """Return what the project's profile says, with little memory."""
    given = {"WAREHOUSE_HOME": str(home), "WAREHOUSE_MEMORY_LIMIT": "60MB"}
    text = (PROJECT / "profiles.yml").read_text(encoding="utf-8")
    said = Template(text).render(env_var=lambda name, default: given.get(name, default))
    output = yaml.safe_load(said)["annotation_warehouse"]["outputs"]["duckdb"]
    return DuckDBCredentials.from_dict({**output, "schema": "main", "database": "warehouse"})


def test_models_follow_one_that_put_rows_on_disk(tmp_path):
    environment = LocalEnvironment(credentials(tmp_path))
    first = environment.handle().cursor()
    first.execute(LARGE)
    files = first.execute("select path from duckdb_temporary_files()").fetchall()
    assert {Path(path).parent for (path,) in files} == {tmp_path / "tmp"}
    later = environment.handle().cursor()
    assert later.execute("select 1").fetchall() == [(1,)]
    environment.close()
