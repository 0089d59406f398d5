"""Every error in one form: `{"status": N, "message": "..."}`."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from serving.refusal import Refused

CHALLENGE = 'Bearer, Basic realm="warehouse"'
"""How an unknown caller can authenticate."""

RETRY_AFTER_S = 5

LONGEST_MESSAGE = 400
"""Characters of a message: what it quotes may be megabytes."""


class Error(BaseModel):
    """What every error answers."""

    status: int
    message: str


RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"model": Error, "description": "Something in the request is wrong: the message names it"},
    401: {"model": Error, "description": "Who calls is not known"},
    403: {"model": Error, "description": "The caller may not see or do this"},
    413: {"model": Error, "description": "The body is too large"},
    503: {"model": Error, "description": "Nothing is published, or too much is asked at once"},
}
"""The errors that any route can answer, for the OpenAPI document."""


def answer(status: int, message: str) -> JSONResponse:
    """Return the error as a response."""
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[:LONGEST_MESSAGE]}..."
    return JSONResponse({"status": status, "message": message}, status, headers)


def handle_errors(app: FastAPI) -> None:
    """Let the app answer all its errors in that form."""

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> JSONResponse:
        return answer(error.status, error.message)

    @app.exception_handler(HTTPException)
    async def of_http(request: Request, error: HTTPException) -> JSONResponse:
        said = str(error.detail)
        if error.status_code == 404 and said == "Not Found":
            said = f"There is no {request.url.path}: /docs shows what there is"
        if error.status_code == 405:
            said = f"{request.url.path} takes no {request.method}: /docs shows what it takes"
        response = answer(error.status_code, said)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return answer(400, "; ".join(_said(one) for one in error.errors()[:3]))


def _said(error: dict[str, Any]) -> str:
    """Return what is wrong in one place: where, and why."""
    place = [str(part) for part in error["loc"] if part not in ("body", "query", "path", "header")]
    what = str(error["msg"])
    return f"{'.'.join(place)}: {what}" if place else what
