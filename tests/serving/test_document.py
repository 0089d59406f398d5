"""The OpenAPI document against the service: schemathesis tries what it allows, and what not.

`make test` tries a few cases of each operation, always the same; SCHEMATHESIS_CASES=500 many more
(SCHEMATHESIS_SEED for others).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from orchestration.home import Home
from serving.app import create_app
from tests.serving.running import SETTINGS, bearer, published, served_home

CASES = int(os.environ.get("SCHEMATHESIS_CASES", "8"))
SEED = int(os.environ.get("SCHEMATHESIS_SEED", "1"))

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

# Each example is tried by the tests of questions.
CONFIG = SchemathesisConfig.from_dict({"phases": {"examples": {"enabled": False}}})

# The document is the same over any home, also over none.
document = schemathesis.openapi.from_dict(
    create_app(Home(Path("none")), SETTINGS).openapi(), config=CONFIG
)


@pytest.fixture(scope="module")
def address(oddities_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over a home of its own: what is sent here is taken."""
    with served_home(published(oddities_home, tmp_path_factory.mktemp("document"))) as url:
        yield url


def of_operation(method: str, path: str) -> Callable[..., None]:
    @document.include(method=method, path=path).parametrize()
    @seed(SEED)
    @settings(
        max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def test(case: schemathesis.Case, address: str) -> None:
        case.call_and_validate(base_url=address, headers=bearer(user="9"), checks=CHECKS)

    return test


# A function for each, since pytest gives all operations of one function the same id, and of those
# with the same id xdist runs one.
for _path, _methods in document.raw_schema["paths"].items():
    for _method in _methods:
        _name = "_".join(re.findall(r"[a-z]+", _path))
        globals()[f"test_{_method}_{_name}"] = of_operation(_method, _path)


def test_every_operation_is_tried() -> None:
    operations = [(path, one) for path, all in document.raw_schema["paths"].items() for one in all]
    tests = [name for name in globals() if re.match("test_(get|post)_", name)]
    assert len(tests) == len(operations) > 10
