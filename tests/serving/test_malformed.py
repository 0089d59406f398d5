"""A thousand requests that are wrong: each is refused, and told in which field it is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import pytest

from orchestration.home import Home
from orchestration.intake import waiting
from tests.serving.running import bearer, published, served_home
from tests.serving.spoiling import (
    BATCH,
    EVENTS,
    METRIC,
    QUERY,
    QUESTION,
    SAMPLE,
    SQL,
    Spoiled,
    spoiled,
    too_large,
)

COUNT, SEED = 1000, 20260302
ADMIN = bearer(user="9")


@pytest.fixture(scope="module")
def home(oddities_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of its own, in which nothing may come to lie."""
    return published(oddities_home, tmp_path_factory.mktemp("malformed"))


@pytest.fixture(scope="module")
def http(home: Home) -> Iterator[httpx.Client]:
    with (
        served_home(home) as url,
        httpx.Client(base_url=url, timeout=30, headers=ADMIN) as session,
    ):
        yield session


def complaint(http: httpx.Client, one: Spoiled) -> str | None:
    """Return what is wrong with the answer, None where it is as it must be."""
    answer = http.request(one.method, one.path, params=one.query, content=one.body)
    asked = f"{one.method} {one.path} {one.query or one.body[:600]!r}"
    if answer.status_code not in (400, 413):
        return f"{answer.status_code} for {asked}"
    said = answer.json()
    message = said["message"]
    if said != {"status": answer.status_code, "message": message}:
        return f"{said} for {asked}"
    if one.field not in message or "\n" in message or len(message) > 500:
        return f"{message!r} does not name {one.field} in one line for {asked}"
    return None


def test_a_thousand_wrong_requests_are_refused_with_the_field(
    home: Home, http: httpx.Client
) -> None:
    found = [complaint(http, one) for one in spoiled(COUNT, SEED)]
    assert [one for one in found if one] == []
    assert waiting(home) == []


def test_bodies_of_ten_megabytes_are_refused_in_one_line(home: Home, http: httpx.Client) -> None:
    found = [complaint(http, one) for one in too_large(Random(SEED))]
    assert [one for one in found if one] == []
    assert waiting(home) == []


def test_what_was_spoiled_was_good_before(oddities_home: Home, tmp_path: Path) -> None:
    """Else the thousand would prove nothing."""
    with served_home(published(oddities_home, tmp_path)) as url:
        for path, body, status in (
            (QUERY, QUESTION, 200),
            (METRIC, SAMPLE, 200),
            (EVENTS, BATCH, 201),
        ):
            answer = httpx.post(url + path, json=body, headers=ADMIN, timeout=30)
            assert answer.status_code == status, answer.text


def test_sql_in_ids_and_names_finds_nothing_and_changes_nothing(http: httpx.Client) -> None:
    payload = {"startTime": "2024-01-01", "measures": [{"measureType": "labelingCounters"}]}
    before = http.post(QUERY, json=payload).json()
    for text in SQL:
        asked = {**payload, "context": {"userId": [text], "itemId": [text, text * 2]}}
        assert http.post(QUERY, json=asked).json()[0]["response"] == []
        assert http.post("/api/v1/users/hash", json=[text]).json()[0]["hash"] is None
        assert http.get(f"/api/v1/datasets/{text.replace('/', '%2F')}").status_code == 404
        wanted = {"filter": {"$and": [{"name": text}]}, "page": 0, "pageSize": 10}
        assert http.post("/api/v1/datasets/query", json=wanted).json()["items"] == []
    assert http.post(QUERY, json=payload).json() == before != []
