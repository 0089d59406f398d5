"""`/health` and `/metrics`: how the service is, for whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from serving.refusal import Refused
from serving.wire import Service, service


class Health(BaseModel):
    """How the service is. Times are UTC; the age is in seconds."""

    status: str
    message: str | None = None
    build_id: str | None = None
    published_at: datetime | None = None
    publication_age_s: float | None = None
    data_through: datetime | None = None


@dataclass(frozen=True)
class _Published:
    build_id: str
    published_at: datetime
    data_through: datetime | None


def router() -> APIRouter:
    """Return the routes. They are answered also where every place for queries is taken."""
    routes = APIRouter(tags=["service"])
    own_thread = anyio.CapacityLimiter(1)

    async def published(asked: Service) -> _Published:
        return await anyio.to_thread.run_sync(_published, asked, limiter=own_thread)

    @routes.get("/health", response_model=Health, responses={503: {"model": Health}})
    async def health(request: Request) -> Response:
        """Say which build readers see, and how old it is; 503 where there is none."""
        try:
            found = await published(service(request))
        except Refused as refused:
            said = Health(status="unavailable", message=refused.message)
            return JSONResponse(said.model_dump(exclude_none=True), refused.status)
        age = (datetime.now(UTC) - found.published_at).total_seconds()
        said = Health(status="ok", publication_age_s=round(age, 1), **vars(found))
        return JSONResponse(said.model_dump(mode="json", exclude={"message"}))

    @routes.get("/metrics", response_class=Response)
    async def metrics(request: Request) -> Response:
        """Count requests, seconds, exports and rows that came in, in Prometheus' text format."""
        asked = service(request)
        counted = asked.metrics
        counted.publication.clear()
        try:
            found = await published(asked)
        except Refused:
            counted.published_at.set(0)
            counted.data_through.set(0)
        else:
            counted.publication.labels(found.build_id).set(1)
            counted.published_at.set(found.published_at.timestamp())
            counted.data_through.set(found.data_through.timestamp() if found.data_through else 0)
        return Response(generate_latest(counted.registry), media_type=CONTENT_TYPE_LATEST)

    return routes


def _published(asked: Service) -> _Published:
    with asked.publications.reading() as warehouse:
        build_id, published_at, data_through = warehouse.execute(
            "select build_id, published_at, data_through from quality.publication"
        ).fetchone()
    through = data_through and data_through.replace(tzinfo=UTC)
    return _Published(build_id, published_at.replace(tzinfo=UTC), through)
