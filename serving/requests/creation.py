"""When what an export is about was created: before it there is nothing to look for."""

from __future__ import annotations

from datetime import datetime

import duckdb

from orchestration.errors import WarehouseError
from orchestration.export import EventFilter

HISTORIES = {
    "org_id": ("core.dim_organizations_history", "org_id"),
    "project_id": ("core.dim_projects_history", "project_id"),
    "task_id": ("core.dim_tasks_history", "task_id"),
    "job_id": ("core.dim_jobs_history", "assignment_id"),
}
"""Filter -> the relation that knows when CVAT created it, and its column."""


def created_at(warehouse: duckdb.DuckDBPyConnection, chosen: EventFilter) -> datetime | None:
    """Return when the chosen organization, project, task and job were all there.

    UTC without a zone; None where CVAT's API, which knows it, was not pulled. Raises WarehouseError
    where the file has no such relations.
    """
    known = []
    for name, (history, column) in HISTORIES.items():
        id = getattr(chosen, name)
        if id is not None:
            try:
                known += warehouse.execute(
                    f"select min(created_at) from {history} where {column} = $id", {"id": id}
                ).fetchone()
            except duckdb.Error as error:
                line = str(error).splitlines()[0]
                raise WarehouseError(f"The events cannot be exported: {line}") from error
    return max((at for at in known if at is not None), default=None)
