"""`warehouse serve`: the HTTP service over what is published."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from argparse import Namespace

from orchestration.errors import UsageError, WarehouseError
from orchestration.home import Home
from orchestration.publish import Publication
from orchestration.publish.publication import read_publication

BACKLOG = 256
"""How many connections wait to be taken."""


def run(arguments: Namespace, home: Home) -> int:
    """Serve until SIGTERM or SIGINT; 0 if the service stopped as it was told to."""
    import uvicorn

    from serving.app import create_app
    from serving.settings import LOOPBACK, from_environment

    settings = from_environment()
    if not settings.asks_who and arguments.host not in LOOPBACK:
        raise UsageError(
            f"Without a key this listens on 127.0.0.1 only, not on {arguments.host}: set"
            " WAREHOUSE_JWT_KEY, WAREHOUSE_JWKS or WAREHOUSE_USERS"
        )
    app = create_app(home, settings)
    # Before it listens: who serves a home that is served already is told so.
    app.state.exports.start()
    listening = _listen(arguments.host, arguments.port)
    _log_to_standard_error()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=int(settings.stop_s),
        )
    )

    def stop(*_: object) -> None:
        server.should_exit = True

    # Until uvicorn listens to signals; it stops gracefully, and then raises them again for these.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    print(
        f"Listening on {_address(listening)}, {_published(home)},"
        f" {_who(settings.asks_who)}. The API: {_address(listening)}/docs",
        flush=True,
    )
    server.run(sockets=[listening])
    return 0 if server.started else 1


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # Whoever reads that it listens may call at once: calls wait until it answers.
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        problem = getattr(error, "strerror", None) or error
        raise WarehouseError(f"Cannot listen on {host}, port {port}: {problem}") from None
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _published(home: Home) -> str:
    try:
        state: Publication | None = read_publication(home)
    except WarehouseError as error:
        return str(error)
    if state is None:
        return "nothing is published yet (warehouse refresh)"
    return f"build {state.build_id} with {state.extent}"


def _who(asks: bool) -> str:
    return "callers must authenticate" if asks else "anybody on this machine sees everything"


def _log_to_standard_error() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    for name, level in (("serving", logging.INFO), ("uvicorn", logging.WARNING)):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)
