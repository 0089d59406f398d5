"""Bearer tokens: JWTs that were signed with a key that the service was given."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError

from orchestration.errors import UsageError
from serving.refusal import Refused
from serving.settings import Settings

LEEWAY_S = 10
"""How far clocks of this machine and of who signs may be apart."""

FETCH_S = 10
"""How long the keys of an address may take to come."""

Claims = dict[str, Any]
_Key = tuple[Any, str]
"""A key and the one algorithm that it is used for: what the token says decides nothing."""


def reader(settings: Settings) -> Callable[[str], Claims] | None:
    """Return what reads a token, None where no key is set.

    It raises Refused (401) for a token that is not good, 503 where the keys cannot be fetched.
    Raises UsageError for keys that cannot be read.
    """
    if settings.jwt_key:
        shared: _Key = (settings.jwt_key, "HS256")
        return _reading(lambda _: shared, settings)
    if not settings.jwks:
        return None
    if "://" in settings.jwks:
        return _reading(_fetched(settings.jwks), settings)
    return _reading(_KeyFile(Path(settings.jwks).expanduser()).key, settings)


def _reading(key_of: Callable[[str], _Key], settings: Settings) -> Callable[[str], Claims]:
    def read(token: str) -> Claims:
        try:
            key, algorithm = key_of(token)
            return jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=settings.jwt_audience,
                issuer=settings.jwt_issuer,
                leeway=LEEWAY_S,
                options={
                    "require": ["exp", "sub"],
                    # Who names no audience takes tokens for any.
                    "verify_aud": settings.jwt_audience is not None,
                },
            )
        except (PyJWKClientConnectionError, URLError, TimeoutError):
            raise Refused(503, "The keys of tokens cannot be fetched: try again later") from None
        except jwt.ExpiredSignatureError:
            raise Refused(401, "The token has expired: get a new one") from None
        except (jwt.PyJWTError, PyJWKClientError, ValueError, TypeError) as error:
            raise Refused(401, f"The token is not good: {error}") from None

    return read


class _KeyFile:
    """A file with a set of public keys, read again when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = path.stat().st_mtime_ns if path.exists() else None
        self._keys = _keys(path)

    def key(self, token: str) -> _Key:
        try:
            seen = self._path.stat().st_mtime_ns
            if seen != self._seen:
                self._keys, self._seen = _keys(self._path), seen
        except (OSError, UsageError):
            # Half a file, or none, while somebody writes it: the keys stay as they were.
            pass
        wanted = jwt.get_unverified_header(token).get("kid")
        if wanted is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        if wanted not in self._keys:
            raise jwt.InvalidTokenError("no key has its kid")
        return self._keys[wanted]


def _keys(path: Path) -> dict[str | None, _Key]:
    try:
        keys = jwt.PyJWKSet.from_dict(json.loads(path.read_text(encoding="utf-8"))).keys
    except OSError as error:
        raise UsageError(f"WAREHOUSE_JWKS: {path} cannot be read: {error.strerror}") from None
    except (ValueError, jwt.PyJWTError, AttributeError, TypeError):
        raise UsageError(f"WAREHOUSE_JWKS: {path} is no JSON Web Key Set") from None
    found = {key.key_id: (key.key, _algorithm(key)) for key in keys if _algorithm(key)}
    if not found:
        raise UsageError(f"WAREHOUSE_JWKS: {path} holds no public key for RS256 or ES256")
    return found


def _fetched(address: str) -> Callable[[str], _Key]:
    client = jwt.PyJWKClient(address, cache_keys=True, timeout=FETCH_S)

    def key_of(token: str) -> _Key:
        key = client.get_signing_key_from_jwt(token)
        algorithm = _algorithm(key)
        if algorithm is None:
            raise jwt.InvalidTokenError("its key is none for RS256 or ES256")
        return key.key, algorithm

    return key_of


def _algorithm(key: jwt.PyJWK) -> str | None:
    """Return the one algorithm for a public key, None for any other key."""
    if key.public_key_use not in (None, "sig"):
        return None
    match key.key:
        case RSAPublicKey():
            return "RS256"
        case EllipticCurvePublicKey(curve=SECP256R1()):
            return "ES256"
    return None
