"""A warehouse to ask: the log of oddities, built once, with its facts and its catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from serving.analytics import answer
from serving.analytics.catalogue import Catalogue, catalogue_of
from serving.callers.sight import Sight
from tests.analytics.direct import Row, read_facts

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def facts(oddities: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    return read_facts(oddities)


@pytest.fixture(scope="session")
def catalogue(oddities: duckdb.DuckDBPyConnection) -> Catalogue:
    return catalogue_of(oddities)


@pytest.fixture(scope="session")
def ask(oddities: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> Ask:
    """Return a function that answers a payload, where nobody is named for who sees everything."""

    def asked(payload: object, sight: Sight | None = None, **how: Any) -> list[dict[str, Any]]:
        return answer(payload, sight or Sight(), oddities, catalogue=catalogue, **how)

    return asked
