"""What every router needs: the service that it belongs to, who calls, and the body as JSON."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

import duckdb
from fastapi import Request, Security
from fastapi.security import HTTPBasic, HTTPBearer

from orchestration.home import Home
from serving.callers.caller import Caller
from serving.metrics import Metrics
from serving.publications import Publications
from serving.refusal import Refused
from serving.settings import Settings

NESTING = 100
"""How deep lists and objects of a body may lie in each other."""

LONGEST_NUMBER = 300
"""Digits of a whole number that is taken as one: a float may be as large."""

WAITING = 16
"""How many requests wait for their turn to read; more are sent away at once."""

AGAIN_S = 0.05
"""How often a query that is too long is interrupted until it ends."""


class _Bearer(HTTPBearer):
    """Shown in the OpenAPI document; the gate has read the header."""

    async def __call__(self, request: Request) -> None:
        """Read nothing."""


class _Basic(HTTPBasic):
    """The same for name and password."""

    async def __call__(self, request: Request) -> None:
        """Read nothing."""


_BEARER = _Bearer(scheme_name="bearer", description="A JWT: see docs/service.md")
_BASIC = _Basic(scheme_name="basic", description="Name and password of the users file")


@dataclass
class Service:
    """One running service: what its requests share."""

    home: Home
    settings: Settings
    publications: Publications
    """For work in the background. A request reads through `reading`, which has limits."""
    metrics: Metrics = field(default_factory=Metrics)
    at_stop: list[Callable[[], None]] = field(default_factory=list)
    """Called when the service stops, after the last request."""
    _running: set[duckdb.DuckDBPyConnection] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Set up the places of queries."""
        self._places = threading.BoundedSemaphore(self.settings.queries)
        self._queue = threading.BoundedSemaphore(WAITING)

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the newest publication for one request, within the limits of the service.

        Raises Refused: 503 where no place became free or nothing is published, 400 where the
        queries of the request take too long.
        """
        limit = self.settings.query_s
        if not self._places.acquire(blocking=False):
            if not self._queue.acquire(blocking=False):
                raise Refused(503, "Too many queries wait already: try again later")
            with _released(self._queue):
                is_free = self._places.acquire(timeout=limit)
            if not is_free:
                raise Refused(503, f"No query could start within {limit:g} s: try again later")
        with (
            _released(self._places),
            self.publications.reading() as connection,
            self._limited(connection, limit),
        ):
            yield connection

    @contextmanager
    def _limited(self, connection: duckdb.DuckDBPyConnection, limit: float) -> Iterator[None]:
        late, done = threading.Event(), threading.Event()

        def stop() -> None:
            late.set()
            # Between two statements there is nothing to interrupt: the next one must end, too.
            while not done.wait(AGAIN_S):
                connection.interrupt()

        timer = threading.Timer(limit, stop)
        timer.daemon = True
        timer.start()
        self._running.add(connection)
        try:
            yield
        except duckdb.InterruptException:
            # Not a 5xx when it is too much: clients would only ask the same again.
            if late.is_set():
                raise Refused(
                    400, f"This takes longer than {limit:g} s: ask for less at once"
                ) from None
            raise Refused(503, "The service is stopping") from None
        except duckdb.OutOfMemoryException:
            raise Refused(
                400, "This takes more memory than the service has: ask for less at once"
            ) from None
        finally:
            done.set()
            timer.cancel()
            self._running.discard(connection)
            # The connection outlives whoever may still be interrupting it.
            if late.is_set():
                timer.join()

    def stop(self) -> None:
        """End what still runs and close what is open."""
        for connection in list(self._running):
            connection.interrupt()
        for end in self.at_stop:
            end()
        self.publications.close()


@contextmanager
def _released(places: threading.Semaphore) -> Iterator[None]:
    try:
        yield
    finally:
        places.release()


def service(request: Request) -> Service:
    """Return the service that a request came to."""
    return request.app.state.service


def current_caller(
    request: Request,
    _bearer: Annotated[object, Security(_BEARER)] = None,
    _basic: Annotated[object, Security(_BASIC)] = None,
) -> Caller:
    """Return who calls: a dependency. The gate has let them in before the route was looked for."""
    return request.state.caller


async def json_body(request: Request) -> Any:
    """Return the body as JSON: a dependency. Raises Refused (400) where it is none."""
    return parsed(await request.body())


def parsed(body: bytes) -> Any:
    """Return a JSON document. Raises Refused (400): empty, no JSON, NaN, nested too deep."""
    if not body.strip():
        # Dataloop's own examples give its SDK `json=`, which it drops.
        raise Refused(400, "The body is empty: it must be JSON (with dtlpy: json_req=, not json=)")
    wrong: list[str] = []

    def no_number(text: str) -> float:
        wrong.append(f"{text[:40]} is no number in JSON")
        return math.nan

    def number(text: str) -> float:
        found = float(text)
        if math.isfinite(found):
            return found
        wrong.append(f"the number {text[:40]} is too large")
        return math.nan

    def whole_number(text: str) -> int | float:
        # What is as long may be no float, and of some thousand digits no number of Python's.
        return int(text) if len(text) <= LONGEST_NUMBER else number(text)

    try:
        document = json.loads(
            body, parse_constant=no_number, parse_float=number, parse_int=whole_number
        )
        if b"\\u" in body:
            # Half of a character pair is no text that anything could be written into.
            json.dumps(document, ensure_ascii=False).encode()
    except RecursionError:
        raise Refused(400, f"The body is nested deeper than {NESTING}") from None
    except json.JSONDecodeError as error:
        raise Refused(400, f"The body is not JSON: {error}") from None
    except UnicodeError:
        raise Refused(400, "The body is not JSON: it is not UTF-8 text") from None
    _check_depth(document)
    if wrong:
        raise Refused(400, f"{_place_of_nan(document) or 'The body'}: {wrong[0]}")
    return document


def _place_of_nan(document: Any) -> str:
    """Return where the first number stands that is none, such as `measures[0].page`."""
    rest = [("", document)]
    while rest:
        place, value = rest.pop()
        if isinstance(value, float) and math.isnan(value):
            return place
        if isinstance(value, dict):
            dot = "." if place else ""
            rest += [(f"{place}{dot}{key[:40]}", one) for key, one in reversed(value.items())]
        elif isinstance(value, list):
            inside = [(f"{place}[{number}]", one) for number, one in enumerate(value)]
            rest += reversed(inside)
    return ""


def _check_depth(document: Any) -> None:
    level = [document]
    for _ in range(NESTING + 1):
        level = [one for one in level if isinstance(one, dict | list)]
        if not level:
            return
        level = [
            member for one in level for member in (one.values() if isinstance(one, dict) else one)
        ]
    raise Refused(400, f"The body is nested deeper than {NESTING}")
