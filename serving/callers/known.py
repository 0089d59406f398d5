"""Who a request is from: by a JWT, by the users file, or nobody at all."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from serving.callers.caller import LOCAL, Caller, Role
from serving.callers.hashing import password_hash, password_is, token_hash
from serving.callers.organization import in_organization
from serving.callers.tokens import Claims, reader
from serving.callers.users_file import User, Users, UsersFile
from serving.refusal import Refused
from serving.settings import LOOPBACK
from serving.wire import Service

KEPT = 1000
"""Of how many passwords it is remembered that they are right."""

_UNKNOWN = "Name or password are not right"


def knowing(service: Service) -> Callable[[Request], Caller]:
    """Return what says who a request is from, and raises Refused (401, 403) for anybody else.

    Raises UsageError for keys or a users file that cannot be read.
    """
    settings = service.settings
    read_token = reader(settings)
    file = UsersFile(settings.users) if settings.users else None
    passwords = _Passwords() if file else None

    def authenticated(request: Request) -> Caller:
        users = file.users() if file else Users({}, {}, {})
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        secret = secret.strip()
        match scheme.lower():
            case "":
                raise Refused(401, "Say who you are: send an Authorization header")
            case "bearer" if read_token:
                return _of_claims(read_token(secret), users)
            case "basic" if passwords:
                return _of_user(passwords.user(secret, users))
            case "token" if file:
                return _of_user(users.by_token.get(token_hash(secret)))
        raise Refused(401, "This service takes no such Authorization: see docs/service.md")

    def know(request: Request) -> Caller:
        if settings.asks_who:
            caller = authenticated(request)
        else:
            _check_is_local(request)
            caller = LOCAL
        return in_organization(caller, request, lambda slug: _organizations(service, slug))

    return know


def _check_is_local(request: Request) -> None:
    """Refuse what a page of another site has its reader's browser send to this machine."""
    origin = request.headers.get("Origin")
    named = {request.url.hostname, urlsplit(origin).hostname if origin else "localhost"}
    if named - set(LOOPBACK):
        raise Refused(403, "Without a key this service answers nobody but this machine")


def _of_claims(claims: Claims, users: Users) -> Caller:
    user_id = _text(claims, "sub")
    if user_id is None:
        raise Refused(401, "The token is not good: its sub is empty")
    known = users.by_id.get(user_id)
    role = _text(claims, "role") or (known and known.role)
    if role is None:
        raise Refused(403, "The token has no role, nor has the users file for its sub")
    if role not in set(Role):
        raise Refused(403, f"Unknown role {role!r}; known are {', '.join(Role)}")
    org_id = _text(claims, "org_id") or (known and known.org_id)
    return Caller(
        user_id,
        Role(role),
        org_id,
        _text(claims, "name") or (known and known.name),
        _text(claims, "email") or (known and known.email),
        # A slug belongs to the organization that it was said with.
        known.org_slug if known and org_id == known.org_id else None,
    )


def _text(claims: Claims, name: str) -> str | None:
    value: Any = claims.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused(401, f"The token is not good: {name} is neither text nor whole number")
    return str(value)


def _of_user(user: User | None) -> Caller:
    if user is None or user.role is None:
        raise Refused(401, "The token is not known here")
    return Caller(user.id, user.role, user.org_id, user.name, user.email, user.org_slug)


class _Passwords:
    """Checks passwords, and remembers by a keyed hash which were right: checking costs 50 ms."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        # What the password of somebody unknown is compared with: that takes as long as anybody's.
        self._nobody = password_hash(secrets.token_hex())
        self._right: dict[bytes, None] = {}

    def user(self, secret: str, users: Users) -> User:
        """Return the user of Basic credentials. Raises Refused (401)."""
        try:
            login, colon, password = base64.b64decode(secret, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise Refused(401, _UNKNOWN) from None
        user = users.by_login.get(login.lower())
        hashed = user.password if user and user.password else self._nobody
        mark = hmac.digest(self._key, f"{hashed}\0{password}".encode(), hashlib.sha256)
        if mark not in self._right:
            if not (password_is(password, hashed) and colon and user):
                raise Refused(401, _UNKNOWN)
            if len(self._right) >= KEPT:
                self._right.clear()
            self._right[mark] = None
        if user is None:
            raise Refused(401, _UNKNOWN)
        return user


def _organizations(service: Service, slug: str) -> list[str]:
    with service.reading() as warehouse:
        rows = warehouse.execute(
            "select org_id from core.dim_organizations where org_slug = ?", [slug]
        ).fetchall()
    return [org_id for (org_id,) in rows]
