"""The routes that take events and samples. What they answer for is on disk before they do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import duckdb
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from orchestration.intake import keep
from serving.callers.caller import Caller
from serving.ingest import client_events, samples
from serving.ingest.client_events import ClientEvents
from serving.refusal import Refused
from serving.wire import Service, current_caller, json_body, service

Body = Annotated[Any, Depends(json_body)]
Known = Annotated[Caller, Depends(current_caller)]


class Taken(BaseModel):
    """How many samples were taken."""

    accepted: int


def router() -> APIRouter:
    """Return the routes."""
    routes = APIRouter()
    checking = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "512MB"})

    @routes.post(
        "/api/events",
        tags=["events"],
        status_code=201,
        response_model=ClientEvents,
        openapi_extra=_body({"$ref": "#/components/schemas/ClientEvents"}),
    )
    def post_events(request: Request, caller: Known, body: Body) -> JSONResponse:
        """Take a batch of client events, as CVAT's browser posts them.

        They become the caller's, in the caller's organization, by the clock of the server. The
        next build counts them.
        """
        received_at = datetime.now(UTC).replace(tzinfo=None)
        with _cursor(checking) as connection:
            batch = client_events.checked(connection, body, caller, received_at)
        if batch.lines:
            _take(service(request), caller, "client_events", body, batch.lines, batch.count)
        return JSONResponse(batch.answer, 201)

    @routes.post(
        "/api/v1/analytics/metric",
        tags=["measures"],
        response_model=Taken,
        openapi_extra=_body({"type": "array", "items": {"type": "object"}}),
    )
    def post_samples(request: Request, caller: Known, body: Body) -> Taken:
        """Take samples, as `project.analytics.report_metrics` of Dataloop's SDK sends them.

        All of them, or none where one cannot be accepted. The next build counts them.
        """
        with _cursor(checking) as connection:
            lines = samples.checked(connection, body, caller)
        if lines:
            content = {"platform_samples": lines}
            _take(service(request), caller, "samples", body, content, len(lines))
        return Taken(accepted=len(lines))

    return routes


def _take(
    asked: Service,
    caller: Caller,
    kind: str,
    body: Any,
    lines: Mapping[str, list[str]],
    count: int,
) -> None:
    """Keep what was sent, once: the same body of the same caller again is the same post."""
    sent = json.dumps([kind, caller.user_id, caller.org_id, body], sort_keys=True)
    key = hashlib.sha256(sent.encode()).hexdigest()[:32]
    files = {name: "".join(f"{line}\n" for line in some) for name, some in lines.items() if some}
    try:
        is_new = keep(asked.home, key, {name: text.encode() for name, text in files.items()})
    except OSError as error:
        problem = error.strerror or str(error)
        raise Refused(503, f"It cannot be kept, nothing was taken: {problem}") from error
    if is_new:
        asked.metrics.taken.labels(kind).inc(count)


def _cursor(checking: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection = checking.cursor()
    connection.execute("set TimeZone = 'UTC'")
    return connection


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
