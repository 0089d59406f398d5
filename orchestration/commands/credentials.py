"""`warehouse credentials`: what callers of the service authenticate with."""

from __future__ import annotations

import getpass
import secrets
import sys
from argparse import Namespace
from datetime import UTC, datetime, timedelta

from orchestration.errors import UsageError
from orchestration.home import Home


def run(arguments: Namespace, home: Home) -> int:
    """Print a hash for the users file, or a JWT. Nothing is kept anywhere."""
    made = {"password": _password, "token": _token, "jwt": _jwt}[arguments.kind](arguments)
    print("\n".join(made))
    return 0


def _password(_: Namespace) -> list[str]:
    from serving.callers.hashing import password_hash

    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise UsageError("These were two different passwords")
    else:
        password = sys.stdin.readline().removesuffix("\n")
    if not password:
        raise UsageError("The password is empty")
    return [f"password: {password_hash(password)}"]


def _token(_: Namespace) -> list[str]:
    from serving.callers.hashing import token_hash

    token = secrets.token_hex(20)
    print(f"The token, which is shown only now: {token}", file=sys.stderr)
    return [f"token: {token_hash(token)}"]


def _jwt(arguments: Namespace) -> list[str]:
    import jwt

    from serving.settings import from_environment

    settings = from_environment()
    if not settings.jwt_key:
        raise UsageError("WAREHOUSE_JWT_KEY is not set: it signs the token")
    if arguments.hours <= 0:
        raise UsageError(f"--hours is {arguments.hours:g}; it must be more than 0")
    claims = {
        "sub": arguments.user,
        "role": arguments.role,
        "org_id": arguments.org,
        "email": arguments.email,
        "exp": datetime.now(UTC) + timedelta(hours=arguments.hours),
        "aud": settings.jwt_audience,
        "iss": settings.jwt_issuer,
    }
    said = {name: value for name, value in claims.items() if value is not None}
    return [jwt.encode(said, settings.jwt_key, "HS256")]
