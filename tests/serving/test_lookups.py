"""Projects, datasets, items and users as Dataloop's SDK asks for them: what the caller sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from orchestration.home import Home
from tests.serving.running import bearer, served_home

V1 = "/api/v1"
ADMIN = bearer()


def query(client: httpx.Client, who: dict[str, str] = ADMIN, **body: Any) -> httpx.Response:
    return client.post(f"{V1}/datasets/query", json=body, headers=who)


def test_a_project_is_found_by_its_id_and_by_its_name(client: httpx.Client) -> None:
    project = client.get(f"{V1}/projects/p1", headers=ADMIN).json()
    assert (project["id"], project["name"], project["org"]) == ("p1", "p1", "o1")
    # The SDK's examples begin their window with it.
    assert project["createdAt"] == "2024-05-05T09:00:00.000Z"
    assert client.get(f"{V1}/projects/p1/name", headers=ADMIN).json() == [project]
    for path in ("/projects/none", "/projects/none/name", "/projects/a%2Fb/name", "/datasets/none"):
        response = client.get(V1 + path, headers=ADMIN)
        assert response.status_code == 404
        assert response.json()["message"].startswith("There is no ")


def test_projects_are_those_the_caller_sees(client: httpx.Client) -> None:
    """In the log, user 12 works in organization 2 on project 30, user 13 in 1 on project 50."""

    def status(project: str, *who: str | None) -> int:
        return client.get(f"{V1}/projects/{project}", headers=bearer(*who)).status_code

    assert status("30", "owner", "2", "x") == 200
    assert status("50", "owner", "2", "x") == 404
    assert status("30", "worker", "2", "12") == 200
    assert status("50", "worker", "2", "12") == 404
    assert status("30", "worker", "1", "12") == 404
    assert status("p1", "supervisor", "o1", "böb") == 200
    assert status("p1", "supervisor", "o1", "nobody") == 404
    assert status("p1", "admin", "2", "x") == 404


def test_datasets_are_found_by_id_name_and_project(client: httpx.Client) -> None:
    found = client.get(f"{V1}/datasets/d1", headers=ADMIN).json()
    assert (found["id"], found["name"], found["projects"]) == ("d1", "d1", ["p1"])
    assert found["createdAt"] == "2024-05-05T09:00:00.000Z"
    everything = query(client).json()
    assert found in everything["items"]
    assert everything["hasNextPage"] is False
    named = query(
        client,
        filter={"$and": [{"name": "d1"}]},
        page=0,
        pageSize=1000,
        resource="datasets",
        context={"projects": ["p1"]},
    ).json()
    assert named["items"] == [found]
    assert query(client, filter={"$and": [{"name": {"$in": ["d1", "x"]}}]}).json() == named
    assert query(client, filter={"$and": [{"name": "d1"}, {"id": "d2"}]}).json()["items"] == []
    assert query(client, context={"projects": ["other"]}).json()["items"] == []
    assert query(client, context={"projects": []}).json()["items"] == []


def test_datasets_come_in_pages(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.published_file.parent.mkdir()
    with duckdb.connect(str(home.published_file)) as file:
        file.execute(
            "create schema core; create table core.dim_work_contexts as"
            " select unnest(['c', 'a', 'b', 'a', null]) as dataset_id, 'p' as project_id;"
            " create table core.fct_events (dataset_id varchar, event_at timestamp)"
        )
    with served_home(home) as url:
        pages = [
            httpx.post(
                f"{url}{V1}/datasets/query", json={"page": page, "pageSize": 2}, headers=ADMIN
            ).json()
            for page in (0, 1, 2)
        ]
    assert [[one["id"] for one in page["items"]] for page in pages] == [["a", "b"], ["c"], []]
    assert [page["hasNextPage"] for page in pages] == [True, False, False]
    assert {(page["totalItemsCount"], page["totalPagesCount"]) for page in pages} == {(3, 2)}


def test_datasets_are_those_the_caller_sees(client: httpx.Client) -> None:
    assert query(client, bearer("owner", "2", "x")).json()["items"] == []
    seen = query(client, bearer("worker", "o1", "böb")).json()["items"]
    assert [dataset["id"] for dataset in seen] == ["d1"]
    assert client.get(f"{V1}/datasets/d1", headers=bearer("owner", "2", "x")).status_code == 404


def test_an_item_begins_with_the_first_event_that_the_caller_sees(client: httpx.Client) -> None:
    """In the log, anna begins item i1 on 6 May; organization o2 and böb come an hour later."""

    def created(item: str, *who: str | None) -> str | None:
        response = client.get(f"{V1}/items/{item}", headers=bearer(*who))
        assert response.status_code in (200, 404)
        return response.json().get("createdAt")

    item = client.get(f"{V1}/items/i1", headers=ADMIN).json()
    assert (item["id"], item["datasetId"]) == ("i1", "d1")
    assert created("i1", "admin") == "2024-05-06T10:00:00.000Z"
    assert created("i1", "owner", "o2", "x") == "2024-05-06T11:00:04.000Z"
    assert created("i1", "worker", "o1", "böb") == "2024-05-06T11:00:05.000Z"
    assert created("i1", "worker", "2", "12") is None
    assert created("none", "admin") is None


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"page": -1},
        {"page": "0"},
        {"page": True},
        {"pageSize": 0},
        {"context": {"projects": "p1"}},
        {"context": {"projects": [1]}},
        {"filter": {"$or": []}},
        {"filter": {"$and": [{"creator": "x"}]}},
        {"filter": {"$and": [{"name": {"$gt": "x"}}]}},
        {"filter": {"$and": ["x"]}},
        {"filter": "x"},
    ],
)
def test_a_query_that_is_wrong_is_told(client: httpx.Client, body: Any) -> None:
    response = client.post(f"{V1}/datasets/query", json=body, headers=ADMIN)
    assert response.status_code == 400
    assert response.json()["message"]


def test_the_caller_is_told_who_they_are(client: httpx.Client) -> None:
    said = client.get(f"{V1}/users/me", headers=bearer("worker", "1", "9")).json()
    assert (said["id"], said["email"], said["role"]) == ("9", "chloe@example.org", "worker")
    own = bearer("worker", "1", "9", name="C", email="c@example.org")
    said = client.get(f"{V1}/users/me", headers=own).json()
    assert (said["username"], said["email"]) == ("C", "c@example.org")


def test_users_are_found_by_what_people_know_of_them(client: httpx.Client) -> None:
    def ids(body: Any, who: dict[str, str] = ADMIN) -> list[str | None]:
        response = client.post(f"{V1}/users/hash", json=body, headers=who)
        assert response.status_code == 200
        return [row["hash"] for row in response.json()]

    assert ids(["zoe@example.org", "Eve", "böb", "nobody"]) == ["7", "13", "böb", None]
    assert ids({"emails": ["eve@example.org"]}) == ["13"]
    assert ids({"email": "eve@example.org"}) == ["13"]
    assert ids([]) == []
    assert ids(["eve@example.org", "12"], bearer("owner", "2", "x")) == [None, "12"]
    assert ids(["12", "13"], bearer("worker", "2", "12")) == ["12", None]
    for wrong in ({}, 5, [5], {"a": [], "b": []}):
        response = client.post(f"{V1}/users/hash", json=wrong, headers=ADMIN)
        assert response.status_code == 400
