"""Where CVAT's API is, who asks it, and which part of it is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from orchestration.errors import UsageError

URL = "WAREHOUSE_CVAT_API_URL"
ORGANIZATION = "WAREHOUSE_CVAT_API_ORGANIZATION"
"""Where a scheduled pull finds what a command is told."""

TOKEN, USER, PASSWORD = "CVAT_API_TOKEN", "CVAT_USERNAME", "CVAT_PASSWORD"
"""Where both find who asks: a secret stands on no command line."""


@dataclass(frozen=True)
class Source:
    """One CVAT, or what one organization has in it. `str()` names it to a person."""

    url: str
    organization: str | None = None
    """Its slug; without one, all that the user may see."""

    def __str__(self) -> str:
        """Return address and organization."""
        return f"{self.url} (organization {self.organization})" if self.organization else self.url

    @property
    def file_name(self) -> str:
        """The same as a part of a file name."""
        place = urlsplit(self.url).netloc.replace(":", "_")
        return f"{place}_{self.organization}" if self.organization else place


def configured(environment: Mapping[str, str]) -> Source | None:
    """Return the source of a scheduled pull, None where none is set up.

    Raises UsageError, naming the variable, for a setting that cannot be right.
    """
    if not environment.get(URL):
        return None
    return source_of(environment[URL], environment.get(ORGANIZATION), URL)


def source_of(url: str, organization: str | None, name: str) -> Source:
    """Return the source that an address means; `name` is what the user knows the address by.

    Raises UsageError, which never shows the address, since somebody may have written a password
    into it.
    """
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        # A port that is none raises.
        is_address = is_address and (parts.port is None or parts.port > 0)
    except ValueError:
        is_address = False
    if not is_address:
        raise UsageError(f"{name} must be an address such as https://app.cvat.ai")
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"{name} must be without user and password: set {TOKEN}, or {USER} and {PASSWORD}"
        )
    if parts.query or parts.fragment:
        raise UsageError(f"{name} must end with its path: leave out what follows ? or #")
    path = parts.path.rstrip("/").removesuffix("/api")
    return Source(f"{parts.scheme}://{parts.netloc}{path}", organization or None)


def credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """Return who asks, as the SDK's configuration takes it. Raises UsageError where nobody does."""
    if token := environment.get(TOKEN):
        return {"access_token": token}
    user, password = environment.get(USER), environment.get(PASSWORD)
    if user and password:
        return {"username": user, "password": password}
    raise UsageError(
        f"The credentials of CVAT are missing: set {TOKEN} (an access token of CVAT), or {USER}"
        f" and {PASSWORD}"
    )
