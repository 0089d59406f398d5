"""The service: both HTTP APIs over the published warehouse, in one app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
import duckdb
from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool

from orchestration.home import Home
from serving import events, ingest, lookups, requests, standing
from serving.analytics.router import router as measures
from serving.callers.known import knowing
from serving.errors import RESPONSES, handle_errors
from serving.middleware import Answered, BodyLimit, Gate
from serving.publications import Publications
from serving.requests.exports import Exports
from serving.settings import Settings
from serving.wire import WAITING, Service

DESCRIPTION = """Two APIs over the published warehouse: Dataloop's for measures, CVAT's for events.

Every error is `{"status": N, "message": "..."}`. Every answer has an `X-Request-Id`."""

THREADS_BESIDE = 20
"""How many threads there are beside those of queries."""

TAGS = [
    {"name": "measures", "description": "47 measures in any window, as Dataloop answers them"},
    {"name": "events", "description": "CVAT's events: taken, and exported as CSV"},
    {"name": "requests", "description": "How far one's exports of events are, as CVAT says it"},
    {"name": "names", "description": "Projects, datasets and users, as Dataloop's SDK asks"},
    {"name": "service", "description": "How the service is"},
]


def create_app(home: Home, settings: Settings) -> FastAPI:
    """Return the app over one home. Raises UsageError for keys or users that cannot be read."""
    service = Service(
        home,
        settings,
        Publications(home.published_file, memory_limit=settings.memory, threads=settings.threads),
    )

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        # However many read or wait to, there are threads for those who only write.
        threads = anyio.to_thread.current_default_thread_limiter()
        threads.total_tokens = settings.queries + WAITING + THREADS_BESIDE
        await run_in_threadpool(_warm_up)
        yield
        await run_in_threadpool(service.stop)

    app = FastAPI(
        title="annotation-warehouse",
        description=DESCRIPTION,
        version="1",
        openapi_tags=TAGS,
        redoc_url=None,
        responses=RESPONSES,
        lifespan=life,
    )
    app.state.service = service
    app.openapi = lambda: _document(app)
    handle_errors(app)
    app.state.exports = exports = Exports(home, settings)
    service.metrics.export_jobs.set_function(exports.under_way)
    for router in (*_routers(), events.router(exports), requests.router(exports)):
        app.include_router(router)
    # The last that is added is the outermost.
    app.add_middleware(BodyLimit, limit=settings.body_limit)
    app.add_middleware(Gate, know=knowing(service))
    app.add_middleware(Answered, service=service)
    return app


def _warm_up() -> None:
    # With its first parameter DuckDB imports pandas, which takes seconds: before the first caller.
    duckdb.execute("select ?", [1])


def _document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, without the 422 that FastAPI adds: here that is a 400."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(name, None)
    return app.openapi_schema


def _routers() -> list[APIRouter]:
    return [measures(), ingest.router(), lookups.router(), standing.router()]
