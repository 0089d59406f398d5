"""An export as CVAT shows a request."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from fastapi import Request

from serving.requests.job import Job, Status


def shown(job: Job, request: Request) -> dict[str, Any]:
    """Return the request as CVAT's clients read it, its result's address that of this service."""
    finished = job.status is Status.FINISHED
    address = f"{request.base_url}api/events/download?rq_id={job.id}"
    return {
        "id": job.id,
        "status": job.status,
        "message": job.message,
        "progress": 1.0 if finished else 0.0,
        "operation": {
            "type": "export:events",
            "target": "events",
            "project_id": _number(job.chosen.project_id),
            "task_id": _number(job.chosen.task_id),
            "job_id": _number(job.chosen.job_id),
            "org_id": _number(job.chosen.org_id),
            "format": None,
            "function_id": None,
            "lightweight": None,
        },
        "owner": _owner(job),
        "created_date": _time(job.created_at),
        "started_date": _time(job.started_at),
        "finished_date": _time(job.ended_at),
        "expiry_date": _time(job.expires_at),
        "result_url": address if finished else None,
        "result_id": None,
    }


def _owner(job: Job) -> dict[str, Any]:
    # CVAT's clients take no other names, and no ids that are not numbers.
    owner: dict[str, Any] = {"username": re.sub(r"[^\w.@+-]", "_", job.owner_name)[:150]}
    number = _number(job.owner_id)
    return owner if number is None else owner | {"id": number}


def _number(id: str | None) -> int | None:
    return int(id) if id is not None and re.fullmatch(r"\d{1,18}", id, re.ASCII) else None


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
