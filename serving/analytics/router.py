"""`POST /api/v1/analytics/query` over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool

from serving.analytics.examples import openapi_examples
from serving.analytics.query import answer
from serving.analytics.schema import payload_schema
from serving.callers.caller import Caller
from serving.callers.sight import sight_of
from serving.wire import current_caller, json_body, service


def router() -> APIRouter:
    """Return the routes of the API of measures."""
    routes = APIRouter(prefix="/api/v1/analytics", tags=["measures"])
    body = {"application/json": {"schema": payload_schema(), "examples": openapi_examples()}}

    @routes.post(
        "/query",
        summary="Measures over any window",
        openapi_extra={"requestBody": {"required": True, "content": body}},
    )
    async def query(
        request: Request,
        payload: Annotated[Any, Depends(json_body)],
        caller: Annotated[Caller, Depends(current_caller)],
    ) -> list[dict[str, Any]]:
        """One object for each measure and granularity, in the order asked."""

        def counted() -> list[dict[str, Any]]:
            serving = service(request)
            with serving.reading() as warehouse:
                sight = sight_of(caller)
                return answer(payload, sight, warehouse, row_limit=serving.settings.rows)

        return await run_in_threadpool(counted)

    return routes
