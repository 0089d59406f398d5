"""chDB behind ClickHouse's HTTP interface, as much of it as an unmodified client asks for.

A process of its own, since chDB holds the state of its process:

    python -m tests.clickhouse.server FOLDER USER PASSWORD

It prints its port and serves until its standard input ends. Tables live in FOLDER. Anybody on this
machine who knows the password can read and write them.

A POST to `/behave` with JSON tells it how to misbehave. Of the answers in Parquet that follow,
those whose numbers `cut` lists (the first is 1) are cut after `cut_after` bytes: the connection
breaks, or with `quietly` the answer ends as if that were all. With `status`, every query is
answered by that HTTP status, as no ClickHouse would. `/asked` names the queries since then.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chdb.session import Session

CHUNK_BYTES = 1 << 16

WRONG_PASSWORD = (
    516,
    "Code: 516. DB::Exception: {user}: Authentication failed: password is incorrect, or there is"
    " no user with such name. (AUTHENTICATION_FAILED)",
)


class Server(ThreadingHTTPServer):
    """The engine, who may ask it, and how it is to misbehave."""

    daemon_threads = True

    def __init__(self, folder: str, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.session = Session(folder)
        self.engine = threading.Lock()
        self.login = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.behaviour: dict[str, Any] = {}
        self.answers = 0
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Keep standard error for what goes wrong."""

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/asked":
            self._whole(200, json.dumps(self.server.asked).encode())
            return
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        url = urlsplit(self.path)
        if url.path == "/behave":
            self.server.behaviour = json.loads(body)
            self.server.asked.clear()
            self.server.answers = 0
            self._whole(200, b"")
            return
        if status := self.server.behaviour.get("status"):
            self._whole(status, b"<html>Bad day</html>")
            return
        parameters = {name: values[-1] for name, values in parse_qs(url.query).items()}
        self._query(f"{parameters.get('query', '')}\n{body}".strip(), parameters)

    def _query(self, query: str, parameters: dict[str, str]) -> None:
        login = self.headers.get("Authorization", "").removeprefix("Basic ")
        if login != self.server.login:
            user = base64.b64decode(login).decode().split(":")[0]
            code, text = WRONG_PASSWORD
            self._failed(403, code, text.format(user=user))
            return
        try:
            with self.server.engine:
                self.server.asked.append(query)
                data = self.server.session.query(
                    query, parameters.get("default_format", "TabSeparated")
                ).bytes()
        except Exception as error:
            code = re.search(r"Code: (\d+)", str(error))
            self._failed(500, int(code[1]) if code else 1, str(error))
            return
        cut = self._cut() if query.endswith("FORMAT Parquet") else None
        self._chunked(data, cut)

    def _failed(self, status: int, code: int, text: str) -> None:
        self._whole(status, text.encode(), {"X-ClickHouse-Exception-Code": str(code)})

    def _whole(self, status: int, data: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _cut(self) -> int | None:
        """Return after how many bytes this answer is cut, None where it arrives."""
        self.server.answers += 1
        behaviour = self.server.behaviour
        return behaviour["cut_after"] if self.server.answers in behaviour.get("cut", ()) else None

    def _chunked(self, data: bytes, cut: int | None) -> None:
        """Send an answer in chunks, as ClickHouse does, or the part of it that is to arrive."""
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        data = data[:cut]
        for start in range(0, len(data), CHUNK_BYTES):
            chunk = data[start : start + CHUNK_BYTES]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        if cut is None or self.server.behaviour.get("quietly"):
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True


def main() -> None:
    """Serve until standard input ends, as it does when whoever started this is gone."""
    folder, user, password = sys.argv[1:]
    server = Server(folder, user, password)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
