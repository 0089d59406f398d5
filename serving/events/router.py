"""CVAT's `/api/events`, its reading side: exports of events as CVAT's CSV.

Two ways lead to the same exports: an export with a request id, and the older one with a query id,
which CVAT's manual shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse

from serving.callers.caller import Caller
from serving.errors import Error
from serving.events.asked import Filters, filters, within_sight
from serving.events.naming import clean_name, content_disposition, default_name
from serving.refusal import Refused
from serving.requests.exports import Exports
from serving.requests.job import Job, Status
from serving.requests.permission import check_still_seen, own_export
from serving.wire import current_caller

PIECE_BYTES = 1 << 18

BUSY = {"model": Error, "description": "Too many exports of the caller are not made yet"}

Calling = Annotated[Caller, Depends(current_caller)]
Asked = Annotated[Filters, Depends(filters)]


def router(exports: Exports) -> APIRouter:
    """Return the routes over these exports."""
    routes = APIRouter(prefix="/api/events", tags=["events"])

    @routes.get(
        "",
        summary="Export events in steps: ask, ask again with the query id, download",
        responses={
            200: {"description": "The CSV; it is gone afterwards", "content": {"text/csv": {}}},
            201: {"description": "The CSV can be downloaded"},
            202: {"description": "The CSV is being made"},
            404: {"model": Error, "description": "There is no such query, or it was downloaded"},
            429: BUSY,
            500: {"model": Error, "description": "The CSV could not be made"},
        },
    )
    def query(
        caller: Calling,
        asked: Asked,
        query_id: Annotated[str | None, Query(description="The export to ask about")] = None,
        action: Annotated[str | None, Query(description="`download`, once it is ready")] = None,
    ) -> Response:
        if action not in (None, "", "download"):
            raise Refused(400, "Unexpected action specified for the request")
        if not query_id:
            return _accepted(exports, caller, asked, "query_id")
        job = exports.find(query_id)
        if job is None or job.owner_id != caller.user_id:
            raise Refused(404, "There is no query with this query_id, or it was downloaded already")
        if job.status is Status.FAILED:
            return JSONResponse({"status": 500, "message": job.message}, 500)
        if job.status is not Status.FINISHED:
            return JSONResponse({"query_id": job.id}, 202)
        if not action:
            return Response(status_code=201)
        check_still_seen(job, caller)
        file = _opened(exports, job)
        headers = _headers(job, clean_name(asked.filename)) | {"Content-Length": str(job.size)}
        return StreamingResponse(_once(exports, job, file), headers=headers, media_type="text/csv")

    @routes.post(
        "/export",
        status_code=202,
        summary="Begin an export of events",
        responses={
            202: {"description": "It is being made: see /api/requests/{rq_id}"},
            429: BUSY,
        },
    )
    def export(caller: Calling, asked: Asked) -> Response:
        return _accepted(exports, caller, asked, "rq_id")

    @routes.get(
        "/download",
        summary="Download an export that is finished",
        responses={
            200: {"description": "The CSV", "content": {"text/csv": {}}},
            206: {"description": "The part of it that was asked for"},
            404: {"model": Error, "description": "There is no such export, or not any more"},
        },
    )
    def download(caller: Calling, rq_id: str) -> Response:
        job = own_export(exports, rq_id, caller)
        if job.status is not Status.FINISHED:
            raise Refused(400, f"This export is not finished, it is {job.status}")
        check_still_seen(job, caller)
        # Opened and closed: a file that is gone is a 404 now and no broken answer later.
        _opened(exports, job).close()
        return FileResponse(exports.file(job), headers=_headers(job, None), media_type="text/csv")

    return routes


def _accepted(exports: Exports, caller: Caller, asked: Filters, name: str) -> Response:
    chosen = within_sight(asked, caller)
    job = exports.submit(caller, chosen, clean_name(asked.filename))
    return JSONResponse({name: job.id}, 202)


def _headers(job: Job, name: str | None) -> dict[str, str]:
    name = name or job.filename or default_name(job.ended_at or job.created_at)
    return {"Content-Disposition": content_disposition(name), "Cache-Control": "no-store"}


def _opened(exports: Exports, job: Job) -> BinaryIO:
    try:
        return exports.file(job).open("rb")
    except FileNotFoundError:
        raise Refused(404, "The file of this export is gone: ask for it again") from None


def _once(exports: Exports, job: Job, file: BinaryIO) -> Iterator[bytes]:
    """Give the file; when all of it was taken, it is removed. Who broke off can come again."""
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece
    exports.remove(job)
