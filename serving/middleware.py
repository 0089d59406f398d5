"""What surrounds every request: its id, its line in the log, its limits, who it is from."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import anyio.to_thread
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.callers.caller import Caller
from serving.errors import answer
from serving.metrics import UNMATCHED
from serving.refusal import Refused
from serving.wire import Service

LOG = logging.getLogger("serving")

REQUEST_ID = "X-Request-Id"

GATE_THREADS = 8
"""How many callers are looked at at once."""

GONE = 499
"""The status in the log of a request whose caller went away before the answer."""

OPEN = ("/health", "/metrics", "/docs", "/openapi.json")
"""What is answered to everybody: nothing in it is about people."""


class Answered:
    """The outermost layer: every answer has an id, a line in the log and a number counted."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        """Wrap the app."""
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens inside."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        metrics = self._service.metrics
        request_id = _request_id(Headers(scope=scope).get(REQUEST_ID))
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        metrics.running.inc()
        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            status = status or GONE
        except asyncio.CancelledError:
            # The server's, when the time for stopping has run out.
            if status:
                raise
            await answer(503, "The service is stopping")(scope, receive, send_with_id)
        except Exception as error:
            LOG.error(
                _line(
                    request_id=request_id,
                    error=type(error).__name__,
                    trace=traceback.format_exc(),
                )
            )
            if not status:
                text = f"Something went wrong here: the log of the service says what ({request_id})"
                await answer(500, text)(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            unmatched = scope["path"] if scope["path"] in OPEN else UNMATCHED
            route = getattr(scope.get("route"), "path", unmatched)
            caller: Caller | None = scope["state"].get("caller")
            metrics.running.dec()
            metrics.answered(scope["method"], route, status, seconds)
            LOG.info(
                _line(
                    request_id=request_id,
                    caller=caller.user_id if caller else None,
                    method=scope["method"],
                    route=route,
                    status=status,
                    ms=round(seconds * 1000, 1),
                )
            )


class Gate:
    """Lets in whom the service knows, before anything of the body is read."""

    def __init__(self, app: ASGIApp, know: Callable[[Request], Caller]) -> None:
        """Wrap the app; `know` says who a request is from or raises Refused."""
        self._app = app
        self._know = know
        # Of its own, so that nobody who waits for a query keeps others at the gate.
        self._threads = anyio.CapacityLimiter(GATE_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request of a caller, answer any other."""
        if scope["type"] == "http" and scope["path"] not in OPEN:
            try:
                # Checking a password takes long by design, and keys may come from elsewhere.
                scope["state"]["caller"] = await anyio.to_thread.run_sync(
                    self._know, Request(scope), limiter=self._threads
                )
            except Refused as refused:
                await answer(refused.status, refused.message)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Reads no more of a body than the limit, whether or not its length was told."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        """Wrap the app; the limit is in bytes."""
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request whose body is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        text = f"The body is larger than {self._limit:,} bytes: send it in parts"
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdecimal() or int(told) > self._limit:
            await answer(413, text)(scope, receive, send)
            return
        read = 0

        async def receive_some() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise HTTPException(413, text)
            return message

        await self._app(scope, receive_some, send)


def _request_id(given: str | None) -> str:
    """Return the id that a proxy gave the request if it is a UUID, else a new one."""
    try:
        return str(uuid.UUID(given or ""))
    except ValueError:
        return str(uuid.uuid4())


def _line(**said: Any) -> str:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"at": at, **said}, ensure_ascii=False)
