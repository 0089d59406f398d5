"""CVAT's API on the loopback interface: enough of it for the SDK as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.cvat.state import SHOWN, State

TOKEN = "a-token-of-the-tests"
PASSWORD = ("anna", "a-password-of-the-tests")
LARGEST_PAGE = 500


@dataclass
class Server:
    """A CVAT that runs. What is set here holds from the next request on."""

    state: State
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """Path and query of each request that was let in."""
    failures: list[str] = field(default_factory=list)
    """What becomes of the next requests for lists: `500`, `break` or `cut`, and no more."""
    largest_page: int = LARGEST_PAGE
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """Path -> status and document, in place of what the state says."""


@contextmanager
def running(state: State) -> Iterator[Server]:
    """Run a CVAT that holds a state, until the block ends."""
    server = Server(state)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(server)) as http:
        server.url = f"http://127.0.0.1:{http.server_port}"
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path in server.answers:
                return self._answer(*server.answers[parts.path])
            if parts.path == "/api/server/about":
                told = {"name": "CVAT", "description": "", "version": "2.80.0", "subtitle": ""}
                return self._answer(200, {**told, "logo_url": f"{server.url}/logo.svg"})
            if not self._is_let_in():
                return self._answer(
                    401, {"detail": "Authentication credentials were not provided."}
                )
            server.asked.append(self.path)
            endpoint = parts.path.removeprefix("/api/")
            if endpoint not in SHOWN:
                return self._answer(404, {"detail": "Not found."})
            failure = server.failures.pop(0) if server.failures else ""
            if failure == "500":
                return self._answer(500, {"detail": "Server error"})
            query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
            return self._answer(200, self._page(endpoint, query), failure)

        def _is_let_in(self) -> bool:
            from base64 import b64encode

            basic = b64encode(":".join(PASSWORD).encode()).decode()
            return self.headers.get("Authorization") in (f"Bearer {TOKEN}", f"Basic {basic}")

        def _page(self, endpoint: str, query: dict[str, str]) -> dict[str, Any]:
            """Return a page of the list, filtered and sorted as CVAT does."""
            found = list(server.state.shown(endpoint, server.url).values())
            slug = self.headers.get("X-Organization")
            if slug and endpoint in ("projects", "tasks", "jobs"):
                (org,) = [
                    pk
                    for pk, one in server.state.shown("organizations", server.url).items()
                    if one["slug"] == slug
                ]
                found = [one for one in found if one["organization"] == org]
            for rule in json.loads(query.get("filter", '{"and": []}'))["and"]:
                ((operator, (variable, bound)),) = rule.items()
                assert operator == ">"
                found = [one for one in found if one[variable["var"]] > bound]
            sort = query.get("sort", "-id")
            found.sort(key=lambda one: one[sort.removeprefix("-")], reverse=sort.startswith("-"))
            size = min(int(query.get("page_size", 10)), server.largest_page)
            page = int(query.get("page", 1))
            after = f"{server.url}/api/{endpoint}?page={page + 1}"
            return {
                "count": len(found),
                "next": after if len(found) > page * size else None,
                "previous": None,
                "results": found[(page - 1) * size : page * size],
            }

        def _answer(self, status: int, document: Any, failure: str = "") -> None:
            text = document if isinstance(document, str) else json.dumps(document)
            body = text.encode()
            if failure == "break":
                self.close_connection = True
                return
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", text)
            self.send_header("Content-Type", "application/vnd.cvat+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if failure == "cut" else body)
            if failure == "cut":
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Handler
