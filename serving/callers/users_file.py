"""The users file: who may call with a password or a token, and what a JWT does not say of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.errors import UsageError
from serving.callers.caller import Role
from serving.callers.hashing import is_password_hash, is_token_hash

LOG = logging.getLogger("serving")

_FIELDS = ("id", "name", "email", "role", "org_id", "org_slug", "password", "token")


@dataclass(frozen=True)
class User:
    """One user of the file."""

    id: str
    role: Role | None = None
    name: str | None = None
    email: str | None = None
    org_id: str | None = None
    org_slug: str | None = None
    password: str | None = None
    """The hash of the password."""
    token: str | None = None
    """The hash of the token."""


@dataclass(frozen=True)
class Users:
    """The users of one state of the file, by what they are looked up by."""

    by_id: Mapping[str, User]
    by_login: Mapping[str, User]
    """Name and e-mail, in lower case."""
    by_token: Mapping[str, User]


class UsersFile:
    """Reads the file again when it has changed. A state that cannot be read changes nothing."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises UsageError with one line that says what is wrong where."""
        self._path = path
        self._users = read_users(path)
        self._seen = self._state()

    def users(self) -> Users:
        """Return the users as the file has them now."""
        state = self._state()
        if state != self._seen:
            try:
                self._users = read_users(self._path)
                LOG.info("The users file was read again: %d users", len(self._users.by_id))
            except UsageError as error:
                LOG.error("%s: the users stay as they were", error)
            self._seen = state
        return self._users

    def _state(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size


def read_users(path: Path) -> Users:
    """Return the users of a YAML or JSON file. Raises UsageError: what is wrong, and where."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: the users file cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place else ""
        raise UsageError(f"{path}{where}: the users file is neither YAML nor JSON") from None
    rows = document.get("users") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise UsageError(f"{path}: there is no list of `users`")
    by_id: dict[str, User] = {}
    by_login: dict[str, User] = {}
    by_token: dict[str, User] = {}
    for number, row in enumerate(rows, 1):
        try:
            user = _user(row)
            _add(by_id, user.id, user, "id")
            for login in {text.lower() for text in (user.name, user.email) if text}:
                _add(by_login, login, user, "name or e-mail")
            if user.token:
                _add(by_token, user.token, user, "token")
        except ValueError as error:
            raise UsageError(f"{path}: user {number}: {error}") from None
    return Users(by_id, by_login, by_token)


def _add(users: dict[str, User], key: str, user: User, what: str) -> None:
    if key in users:
        # A token is told to nobody, nor is its hash.
        raise ValueError(f"this {what} is another user's, too" + f": {key!r}" * (what != "token"))
    users[key] = user


def _user(row: Any) -> User:
    if not isinstance(row, dict):
        raise ValueError("it is no set of fields")
    if unknown := [str(name) for name in row if name not in _FIELDS]:
        raise ValueError(f"unknown field {unknown[0]!r}; known are {', '.join(_FIELDS)}")
    said: dict[str, str] = {}
    for name, value in row.items():
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError(f"{name} must be a text or a whole number")
        said[name] = str(value)
    if not said.get("id"):
        raise ValueError("it has no id: the user's id in the events")
    if "password" in said and not is_password_hash(said["password"]):
        raise ValueError("password is no hash: warehouse credentials password makes one")
    if "token" in said and not is_token_hash(said["token"]):
        raise ValueError("token is no hash: warehouse credentials token makes one")
    role = said.pop("role", None)
    if role is not None and role not in set(Role):
        raise ValueError(f"unknown role {role!r}; known are {', '.join(Role)}")
    if role is None and ("password" in said or "token" in said):
        raise ValueError(f"it has no role, one of {', '.join(Role)}")
    return User(role=Role(role) if role else None, **said)
