"""CVAT's `/api/requests`: how far one's exports are."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from orchestration.errors import WarehouseError
from serving.callers.caller import Caller
from serving.errors import Error
from serving.parameters import check_parameters
from serving.refusal import Refused
from serving.requests.exports import Exports
from serving.requests.job import Status
from serving.requests.permission import own_export
from serving.requests.shown import shown
from serving.wire import current_caller

log = logging.getLogger(__name__)

PAGE_SIZE = 10
PAGE_SIZE_MAX = 100

PARAMETERS = (
    *("page", "page_size", "status", "action", "target", "project_id", "task_id", "job_id", "sort"),
    *("org", "org_id"),
)

MISSING: dict[int | str, dict[str, Any]] = {
    404: {"model": Error, "description": "There is no such request, or not any more"}
}

Calling = Annotated[Caller, Depends(current_caller)]


def router(exports: Exports) -> APIRouter:
    """Return the routes over these exports. They begin to work as the application does."""

    @asynccontextmanager
    async def working(_: object) -> AsyncIterator[None]:
        try:
            exports.start()
        except WarehouseError as error:
            # All else can be answered; `warehouse serve` does not come so far.
            log.warning("no exports: %s", error)
        try:
            yield
        finally:
            await run_in_threadpool(exports.stop)

    routes = APIRouter(prefix="/api/requests", tags=["requests"], lifespan=working)

    @routes.get("", summary="List one's exports, the latest first", responses=MISSING)
    def list_requests(
        request: Request,
        response: Response,
        caller: Calling,
        page: Annotated[int, Query(ge=1)] = 1,
        page_size: Annotated[int, Query(ge=1, le=PAGE_SIZE_MAX)] = PAGE_SIZE,
        status: Annotated[Status | None, Query(description="Only those of this status")] = None,
        action: Annotated[str | None, Query(description="All are `export`")] = None,
        target: Annotated[str | None, Query(description="All are `events`")] = None,
        project_id: Annotated[int | None, Query(description="Only those about it")] = None,
        task_id: Annotated[int | None, Query(description="Only those about it")] = None,
        job_id: Annotated[int | None, Query(description="Only those about it")] = None,
        sort: Annotated[Literal["created_date", "-created_date"], Query()] = "-created_date",
    ) -> dict[str, Any]:
        check_parameters(request, PARAMETERS)
        wanted = {"project_id": project_id, "task_id": task_id, "job_id": job_id}
        found = [
            job
            for job in exports.of(caller)
            if status in (None, job.status)
            and action in (None, "", "export")
            and target in (None, "", "events")
            and all(
                id is None or getattr(job.chosen, name) == str(id) for name, id in wanted.items()
            )
        ]
        if sort == "created_date":
            found.reverse()
        first = (page - 1) * page_size
        if first and first >= len(found):
            raise Refused(404, f"There is no page {page}")

        def address(number: int) -> str:
            asked = {**request.query_params, "page": number}
            return f"{request.base_url}api/requests?{urlencode(asked)}"

        response.headers["Cache-Control"] = "no-store"
        return {
            "count": len(found),
            "next": address(page + 1) if first + page_size < len(found) else None,
            "previous": address(page - 1) if page > 1 else None,
            "results": [shown(job, request) for job in found[first : first + page_size]],
        }

    @routes.get("/{id}", summary="See how far an export is", responses=MISSING)
    def retrieve(id: str, request: Request, response: Response, caller: Calling) -> dict[str, Any]:
        response.headers["Cache-Control"] = "no-store"
        return shown(own_export(exports, id, caller), request)

    @routes.post("/{id}/cancel", summary="Drop an export that was not begun yet", responses=MISSING)
    def cancel(id: str, caller: Calling) -> Response:
        own_export(exports, id, caller)
        if not exports.cancel(id):
            raise Refused(400, "Only requests that have not yet been started can be cancelled")
        return Response()

    return routes
