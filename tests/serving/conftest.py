"""One published warehouse and one service over it, for all tests of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from orchestration.home import Home
from tests.serving.running import published, served_home
from tests.serving.running import token as make_token


@pytest.fixture(scope="session")
def published_home(oddities_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home whose readers see the log of oddities."""
    return published(oddities_home, tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def served(published_home: Home) -> Iterator[str]:
    """The address of a service over it that believes the tests' tokens."""
    with served_home(published_home) as url:
        yield url


@pytest.fixture(scope="session")
def token() -> Callable[..., str]:
    """token(role, org, user) -> a bearer token."""
    return make_token


@pytest.fixture(scope="session")
def client(served: str) -> Iterator[httpx.Client]:
    """A client of it, which says nothing of itself."""
    with httpx.Client(base_url=served, timeout=30) as session:
        yield session
