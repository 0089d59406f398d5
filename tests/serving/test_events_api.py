"""CVAT's `/api/events` over real HTTP: who gets which events, by CVAT's clients and by curl."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import pytest
from cvat_sdk import Client
from cvat_sdk.api_client import ApiClient, Configuration, exceptions
from cvat_sdk.core.downloading import Downloader
from cvat_sdk.core.helpers import make_request_headers

from orchestration.home import Home
from orchestration.landing.schemas import CVAT_COLUMNS
from tests.conftest import built
from tests.serving.exporting import begun, downloaded, ended, eventually
from tests.serving.process import Running, running
from tests.serving.running import token

MADE = datetime(2026, 1, 5, 10)
"""When CVAT says that project 10 was created: events are older and younger."""

NEEDED = [f"+dim_{name}_history" for name in ("organizations", "projects", "tasks", "jobs")]


def events() -> list[dict[str, str]]:
    """Return events of three users in two organizations and outside of any, 17 minutes apart."""
    rows = []
    at = datetime(2026, 1, 5, 8)
    for number in range(48):
        org = ["1", "2", ""][number % 3]
        user = ["7", "8", "9", ""][number // 3 % 4]
        project = {"1": "10", "2": "20", "": ""}[org]
        rows.append(
            {
                "scope": ["draw:object", "click:element", "update:job", "send:exception"][
                    number // 12
                ],
                "obj_name": ["", 'a "quoted", name', "two\nlines"][number % 7 % 3],
                "obj_val": ["", "ü 名前"][number % 2],
                "source": "server" if number // 12 == 2 else "client",
                "timestamp": at.isoformat(" ") + "+00:00",
                "count": str(number % 2 or ""),
                "duration": str(number),
                "project_id": project,
                "task_id": project and str(100 + number % 2),
                "job_id": project and str(1000 + number % 5),
                "user_id": user,
                "user_name": user and f"user {user}",
                "user_email": user and f"{user}@example.org",
                "org_id": org,
                "org_slug": org and f"org-{org}",
                "payload": json.dumps({"number": number}),
            }
        )
        at += timedelta(minutes=17, milliseconds=number % 4 * 250)
    return [{name: row.get(name, "") for name in CVAT_COLUMNS} for row in rows]


EVENTS = events()


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """Return rows as Python's csv module writes them, which CVAT uses."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, CVAT_COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    # Python's own times have no fraction where it is 0, six digits elsewhere: as CVAT's.
    return text.getvalue().encode()


def wanted(**filters: str) -> bytes:
    """Return the CSV of the events with these values, exceptions left out as CVAT does."""
    return as_csv(
        [
            row
            for row in EVENTS
            if row["scope"] != "send:exception"
            and all(row[name] == value for name, value in filters.items())
        ]
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of a warehouse that was built from these events."""
    folder = tmp_path_factory.mktemp("exports")
    log = folder / "events.csv"
    log.write_bytes(as_csv(EVENTS))
    home = built(Home(folder / "home"), log, select=["+fct_events", "+event_origins", *NEEDED])
    with duckdb.connect(str(home.build_file)) as engine:
        engine.execute(
            "insert into core.dim_projects_history by name"
            " select '10' as project_id, ?::timestamp as created_at",
            [MADE],
        )
    home.published_file.parent.mkdir()
    shutil.copy(home.build_file, home.published_file)
    return home


@pytest.fixture(scope="module")
def service(home: Home) -> Iterator[Running]:
    with running(home) as service:
        yield service


@pytest.fixture(scope="module")
def admin(service: Running) -> httpx.Client:
    return service.caller("1", "admin")


# Who sees what

EVERYBODY = {
    # user, role, organization -> what bounds them
    ("1", "admin", None): {},
    ("1", "admin", "2"): {"org_id": "2"},
    ("7", "owner", "1"): {"org_id": "1"},
    ("8", "maintainer", "2"): {"org_id": "2"},
    ("7", "supervisor", "1"): {"org_id": "1", "user_id": "7"},
    ("8", "worker", "1"): {"org_id": "1", "user_id": "8"},
    ("9", "worker", None): {"user_id": "9"},
    ("7", "owner", None): {"user_id": "7"},
}

ASKED = [
    {},
    {"org_id": "1"},
    {"org_id": "2"},
    {"user_id": "7"},
    {"user_id": "8"},
    {"org_id": "1", "user_id": "8"},
    {"task_id": "101"},
    {"job_id": "1003", "org_id": "2"},
    {"project_id": "20"},
    {"project_id": "20", "user_id": "9"},
    {"user_id": "4711"},
]


@pytest.mark.parametrize("caller", EVERYBODY, ids=lambda who: "-".join(map(str, who)))
def test_callers_get_what_they_asked_for_within_what_they_may_see(
    service: Running, caller: tuple
) -> None:
    bounds = EVERYBODY[caller]
    with service.caller(*caller) as http:
        for asked in ASKED:
            if any(asked.get(name, value) != value for name, value in bounds.items()):
                for answer in (
                    http.post("/api/events/export", params=asked),
                    http.get("/api/events", params=asked),
                ):
                    assert answer.status_code == 403, (asked, answer.text)
            else:
                assert downloaded(http, **asked) == wanted(**asked | bounds), asked


def test_what_was_asked_for_belongs_to_who_asked(service: Running) -> None:
    with service.caller("7", "owner", "1") as owner, service.caller("1", "admin") as other:
        id = begun(owner)
        ended(owner, id)
        assert other.get(f"/api/requests/{id}").status_code == 403
        assert other.post(f"/api/requests/{id}/cancel").status_code == 403
        assert other.get("/api/events/download", params={"rq_id": id}).status_code == 403
        # A query id is known to its owner alone, as in CVAT.
        assert other.get("/api/events", params={"query_id": id}).status_code == 404
        assert id not in other.get("/api/requests", params={"page_size": 100}).text


def test_who_lost_a_role_loses_what_they_exported_with_it(service: Running) -> None:
    with service.caller("7", "owner", "1") as owner, service.caller("7", "worker", "1") as worker:
        ids = {"all": begun(owner), "own": begun(owner, user_id=7)}
        for id in ids.values():
            ended(owner, id)
        asked = [{"rq_id": id} for id in ids.values()]
        assert [worker.get("/api/events/download", params=one).status_code for one in asked] == [
            403,
            200,
        ]
        old = {"query_id": ids["all"], "action": "download"}
        assert worker.get("/api/events", params=old).status_code == 403


def test_nobody_without_a_token(service: Running) -> None:
    for path in ("/api/events", "/api/requests", "/api/events/download?rq_id=1"):
        assert httpx.get(service.address + path).status_code == 401


# Times


@pytest.mark.parametrize(
    ("first", "last", "numbers"),
    [
        ("2026-01-05T08:00:00Z", "2026-01-05T08:34:00.25Z", [0, 1, 2]),
        ("2026-01-05T08:17:00", "2026-01-05T08:34:00.249", [1]),
        ("2026-01-05T09:17:00+01:00", "2026-01-05T03:34:00.250-05:00", [1, 2]),
        ("2026-01-05T08:17:00.001Z", "2026-01-05 08:34:00.250", [2]),
        ("2026-01-05", "2026-01-05T08:00", [0]),
        ("2026-01-04", "2026-01-05", []),
    ],
)
def test_times_are_included_with_their_zone_and_fraction(
    admin: httpx.Client, first: str, last: str, numbers: list[int]
) -> None:
    found = downloaded(admin, **{"from": first, "to": last})
    assert found == as_csv([EVENTS[number] for number in numbers])


def test_a_zone_whose_plus_was_not_escaped_is_understood(admin: httpx.Client) -> None:
    query = "from=2026-01-05T09:17:00+01:00&to=2026-01-05T08:17:00Z"
    id = admin.post(f"/api/events/export?{query}").json()["rq_id"]
    found = admin.get(ended(admin, id)["result_url"]).content
    assert found == as_csv([EVENTS[1]])


def test_without_from_a_project_is_exported_from_its_creation_on(admin: httpx.Client) -> None:
    of_project = [row for row in EVENTS[:36] if row["project_id"] == "10"]
    younger = [row for row in of_project if row["timestamp"] >= str(MADE)]
    assert 0 < len(younger) < len(of_project)
    assert downloaded(admin, project_id=10) == as_csv(younger)
    assert downloaded(admin, project_id=10, **{"from": "1970-01-01"}) == as_csv(of_project)


# The steps


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-01-02&to=2026-01-01", "'from' must be before than 'to'"),
        ("from=soon", "'from' is 'soon'; it must be a day or a time"),
        ("to=2026-02-30T00:00:00Z", "'to' is '2026-02-30T00:00:00Z'; it must be a day or a time"),
        ("org_id=acme", "org_id: "),
        ("job_id=-1", "job_id: "),
        ("user_id=99999999999999999999", "user_id: "),
        ("userid=7", "There is no parameter 'userid'. There are: org_id, project_id, "),
        ("user_id=7&user_id=8", "user_id is there twice"),
        ("location=cloud_storage", "location is 'cloud_storage'"),
    ],
)
def test_what_cannot_be_meant_is_said(admin: httpx.Client, query: str, said: str) -> None:
    for answer in (admin.get(f"/api/events?{query}"), admin.post(f"/api/events/export?{query}")):
        assert answer.status_code == 400
        assert answer.json()["message"].startswith(said)


def test_other_answers_than_success(admin: httpx.Client) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    for url, status in [
        ("/api/events?action=upload", 400),
        (f"/api/events?query_id={unknown}", 404),
        ("/api/events?query_id=../../etc/passwd&action=download", 404),
        ("/api/events/download", 400),
        ("/api/events/download?rq_id=..%2Flock", 404),
        (f"/api/events/download?rq_id={unknown}", 404),
        (f"/api/requests/{unknown}", 404),
        ("/api/requests?page=1000", 404),
        ("/api/requests?page_size=0", 400),
        ("/api/requests?status=done", 400),
        ("/api/requests?filter={}", 400),
    ]:
        assert admin.get(url).status_code == status, url


def test_an_empty_filter_is_none(admin: httpx.Client) -> None:
    assert downloaded(admin, org_id="", **{"from": "", "to": ""}) == wanted()


def test_curl_gets_the_file_once(service: Running, tmp_path: Path) -> None:
    def curl(query: str, *options: str) -> tuple[int, str]:
        done = subprocess.run(
            [
                *("curl", "-sS", "-w", "\n%{http_code}"),
                *("-H", f"Authorization: Bearer {token('owner', '1', '7')}", *options),
                f"{service.address}/api/events?org_id=1&filename=march.csv{query}",
            ],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )
        body, _, status = done.stdout.rpartition("\n")
        return int(status), body

    status, body = curl("")
    assert status == 202
    query = f"&query_id={json.loads(body)['query_id']}"

    def ready() -> bool:
        status, body = curl(query)
        assert (status, body) == (201, "") or (status, json.loads(body)) == (
            202,
            {"query_id": query.removeprefix("&query_id=")},
        )
        return status == 201

    eventually(ready)
    assert curl(f"{query}&action=upload")[0] == 400
    assert curl(f"{query}&action=download", "-O", "-J")[0] == 200
    assert (tmp_path / "march.csv").read_bytes() == wanted(org_id="1")
    assert curl(f"{query}&action=download")[0] == 404
    assert curl(query)[0] == 404


@pytest.mark.parametrize(
    ("asked", "header"),
    [
        ("march.csv", 'filename="march.csv"'),
        ("../../etc/passwd", 'filename="passwd"'),
        ("c:\\logs\\march.csv", 'filename="march.csv"'),
        ('a"b;c\r\nX: y.csv', "filename=\"a_b_cX: y.csv\"; filename*=UTF-8''a%22b%3BcX%3A%20y.csv"),
        ("März 名.csv", "filename=\"M_rz _.csv\"; filename*=UTF-8''M%C3%A4rz%20%E5%90%8D.csv"),
    ],
)
def test_a_name_is_for_the_other_side(admin: httpx.Client, asked: str, header: str) -> None:
    request = ended(admin, begun(admin, filename=asked, user_id=4711))
    answer = admin.get(request["result_url"])
    assert answer.headers["Content-Disposition"] == f"attachment; {header}"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("asked", ["", "..", "/", " . "])
def test_without_a_name_it_is_that_of_cvat(admin: httpx.Client, asked: str) -> None:
    request = ended(admin, begun(admin, filename=asked, user_id=4711))
    at = datetime.fromisoformat(request["finished_date"])
    answer = admin.get(request["result_url"])
    name = f"logs_{at:%Y_%m_%d_%H_%M_%S}.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_download_goes_on_from_where_it_broke_off(admin: httpx.Client) -> None:
    url = ended(admin, begun(admin))["result_url"]
    rest = admin.get(url, headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.content) == (206, wanted()[100:])


def test_what_has_ended_cannot_be_cancelled(admin: httpx.Client) -> None:
    id = begun(admin)
    ended(admin, id)
    assert admin.post(f"/api/requests/{id}/cancel").status_code == 400


# CVAT's own clients


@pytest.fixture
def cvat(service: Running) -> Iterator[ApiClient]:
    shown = token("owner", "1", "7", name="Zoë Müller")
    with ApiClient(Configuration(host=service.address, access_token=shown)) as client:
        yield client


def test_cvats_client_exports_and_downloads(cvat: ApiClient) -> None:
    (begun, answer) = cvat.events_api.create_export(user_id=7, filename="seven.csv")
    assert answer.status == 202

    def look():
        (request, _) = cvat.requests_api.retrieve(begun.rq_id)
        return request if request.status.value == "finished" else None

    request = eventually(look)
    assert request.id == begun.rq_id
    assert (request.operation.type, request.operation.target) == ("export:events", "events")
    assert (request.operation.org_id, request.operation.project_id) == (1, None)
    assert (request.owner.id, request.owner.username) == (7, "Zoë_Müller")
    assert request.progress == 1
    assert request.created_date <= request.started_date <= request.finished_date
    assert request.expiry_date - request.finished_date == timedelta(days=1)
    answer = cvat.rest_client.GET(
        request.result_url, headers=make_request_headers(cvat), _parse_response=False
    )
    assert answer.data == wanted(org_id="1", user_id="7")
    assert request.result_url.endswith(f"/api/events/download?rq_id={request.id}")


def test_cvats_client_asks_again_with_the_query_id(cvat: ApiClient) -> None:
    (_, answer) = cvat.events_api.list(task_id=100)
    query = json.loads(answer.data)["query_id"]

    def ready() -> bool:
        (_, answer) = cvat.events_api.list(task_id=100, query_id=query)
        return answer.status == 201

    eventually(ready)
    (_, answer) = cvat.events_api.list(task_id=100, query_id=query, action="download")
    assert answer.data == wanted(org_id="1", task_id="100")


def test_cvats_client_lists_requests_page_by_page(service: Running) -> None:
    shown = token("worker", "2", "77")
    with ApiClient(Configuration(host=service.address, access_token=shown)) as cvat:
        ids = [cvat.events_api.create_export(project_id=20)[0].rq_id for _ in range(3)]
        (page, _) = cvat.requests_api.list(page_size=2)
        assert page.count == 3
        assert [request.id for request in page.results] == ids[:0:-1]
        assert page.previous is None
        (last, _) = cvat.requests_api.list(page_size=2, page=2, project_id=20, target="events")
        assert [request.id for request in last.results] == ids[:1]
        assert last.next is None
        following = httpx.get(page.next, headers={"Authorization": f"Bearer {shown}"}).json()
        assert [request["id"] for request in following["results"]] == ids[:1]
        (oldest, _) = cvat.requests_api.list(sort="created_date", page_size=1)
        assert oldest.results[0].id == ids[0]
        assert cvat.requests_api.list(project_id=10)[0].count == 0
        with pytest.raises(exceptions.ForbiddenException):
            cvat.events_api.create_export(org_id=1)


def test_cvats_high_level_client_waits_and_downloads(service: Running, tmp_path: Path) -> None:
    with Client(service.address, check_server_version=False) as client:
        client.api_client.configuration.access_token = token("maintainer", "2", "8")
        client.config.status_check_period = 0.05
        path = Downloader(client).prepare_and_download_file_from_endpoint(
            client.api_client.events_api.create_export_endpoint,
            tmp_path,
            query_params={"filename": "März.csv", "project_id": 20},
        )
    assert path.name == "M_rz.csv"
    assert path.read_bytes() == wanted(org_id="2", project_id="20")
