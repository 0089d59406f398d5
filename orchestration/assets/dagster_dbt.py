"""dagster-dbt, imported as where dbt Fusion is used and dbt's own package is not there.

It then does not import dbt, which would take longer than all else that it needs: dbt runs in a
process of its own, and what is built is read from the manifest.
"""

import sys

_NAME = "dbt.version"

_kept = sys.modules.get(_NAME)
sys.modules[_NAME] = None  # Python takes it for a module that cannot be imported.
try:
    from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets
finally:
    del sys.modules[_NAME]
    if _kept:
        sys.modules[_NAME] = _kept

__all__ = ["DagsterDbtTranslator", "DbtCliResource", "DbtProject", "dbt_assets"]
