"""What the environment says of the service: whom it believes, and where its limits lie."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from orchestration.errors import UsageError
from serving.analytics.query import ROW_LIMIT

KEY_BYTES = 32
"""The shortest key of HS256 tokens: as long as its hash (RFC 7518)."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""The names by which nobody but this machine reaches a service."""


@dataclass(frozen=True)
class Settings:
    """The settings of one service. Sizes in bytes, times in seconds."""

    jwt_key: str | None = None
    """The key of HS256 tokens."""
    jwks: str | None = None
    """A file or an address with the public keys of RS256 and ES256 tokens."""
    jwt_audience: str | None = None
    jwt_issuer: str | None = None
    users: Path | None = None
    """The users file."""
    body_limit: int = 10_000_000
    queries: int = 4
    """How many requests read the warehouse at once; others wait."""
    query_s: float = 30.0
    """How long one may read, and how long another waits for its turn."""
    rows: int = ROW_LIMIT
    """How many rows one page of an answer may have."""
    memory: str = "1GB"
    """What all queries together may take, in DuckDB's spelling."""
    threads: int = 2
    stop_s: float = 20.0
    """How long running requests have when the service stops."""
    exports: int = 2
    """How many exports are made at once; each may take 512 MB for sorting."""
    export_waiting: int = 20
    """How many one caller may have that are not made yet."""
    export_keep_s: int = 86_400
    """How long the result of an export stays after its end."""

    @property
    def asks_who(self) -> bool:
        """Whether callers must authenticate."""
        return bool(self.jwt_key or self.jwks or self.users)


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return what the environment says. Raises UsageError with a line for what cannot be."""
    said = {name: text for name, text in environment.items() if text}
    key, jwks = said.get("WAREHOUSE_JWT_KEY"), said.get("WAREHOUSE_JWKS")
    if key and jwks:
        raise UsageError("WAREHOUSE_JWT_KEY and WAREHOUSE_JWKS are both set: leave one out")
    if key and len(key.encode()) < KEY_BYTES:
        raise UsageError(
            f"WAREHOUSE_JWT_KEY is too short to be safe: take at least {KEY_BYTES} bytes, such as"
            " those of: openssl rand -hex 32"
        )
    if jwks and "://" in jwks:
        _check_address(jwks)
    users = said.get("WAREHOUSE_USERS")
    memory = said.get("WAREHOUSE_SERVE_MEMORY", Settings.memory)
    if not re.fullmatch(r"[1-9]\d*\s*([KMGT]i?B)", memory):
        raise UsageError(f"WAREHOUSE_SERVE_MEMORY is {memory!r}; it must be a size, such as 2GB")
    return Settings(
        jwt_key=key,
        jwks=jwks,
        jwt_audience=said.get("WAREHOUSE_JWT_AUDIENCE"),
        jwt_issuer=said.get("WAREHOUSE_JWT_ISSUER"),
        users=Path(users).expanduser() if users else None,
        body_limit=_number(said, "WAREHOUSE_SERVE_BODY_LIMIT", Settings.body_limit),
        queries=_number(said, "WAREHOUSE_SERVE_QUERIES", Settings.queries),
        query_s=_number(said, "WAREHOUSE_SERVE_QUERY_SECONDS", int(Settings.query_s)),
        rows=_number(said, "WAREHOUSE_SERVE_ROWS", Settings.rows),
        memory=memory,
        threads=_number(said, "WAREHOUSE_SERVE_THREADS", Settings.threads),
        stop_s=_number(said, "WAREHOUSE_SERVE_STOP_SECONDS", int(Settings.stop_s)),
        exports=_number(said, "WAREHOUSE_SERVE_EXPORTS", Settings.exports),
        export_waiting=_number(said, "WAREHOUSE_SERVE_EXPORTS_WAITING", Settings.export_waiting),
        export_keep_s=_number(said, "WAREHOUSE_SERVE_EXPORT_KEEP_SECONDS", Settings.export_keep_s),
    )


def _number(said: Mapping[str, str], name: str, default: int) -> int:
    text = said.get(name, str(default))
    if not re.fullmatch(r"[1-9]\d{0,9}", text):
        raise UsageError(f"{name} is {text!r}; it must be a whole number above 0")
    return int(text)


def _check_address(jwks: str) -> None:
    address = urlsplit(jwks)
    if address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK):
        return
    raise UsageError(f"WAREHOUSE_JWKS is {jwks}: take https, since who can change keys can be all")
