"""The checks of a build: what they find in a log made for them, what that does to publishing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from checkouts import write_csv

from orchestration.checks.freshness import stale_sources
from orchestration.checks.idle_jobs import idle_jobs
from orchestration.checks.long_days import long_days
from orchestration.checks.reported_time import disagreements
from orchestration.checks.silence import silent_organizations
from orchestration.checks.volume import unusual_days
from orchestration.checks.warning import findings
from orchestration.errors import WarehouseError
from orchestration.home import Home
from orchestration.house import define
from orchestration.publish import read_publication

FIRST = date(2026, 1, 5)
"""A Monday. The log holds nine weeks and one day more."""

LAST = date(2026, 3, 9)
"""The day that is not complete: what is compared of people happened on it."""

FRIDAYS = [60, 100, 140, 100, 180, 100, 20, 100]
"""Events of the Fridays from the first on: median 100, median absolute deviation 20."""

COUNTS = {
    date(2026, 2, 16): 500,  # unusual, but not of the last week
    date(2026, 3, 3): 2,
    date(2026, 3, 4): 0,
    date(2026, 3, 5): 38,
    date(2026, 3, 6): 219,
    date(2026, 3, 7): 4,
    date(2026, 3, 8): 5,
}
"""Events of the days that are not as usual: 20 on Monday to Thursday, none at the weekend."""


def row(
    scope: str,
    at: datetime,
    user: str,
    *,
    source: str = "server",
    duration_ms: int = 0,
    job: int = 3,
    org: str = ",",
):
    """Return one CVAT event as a line of CVAT's CSV export; user is `number name`."""
    number, name = user.split()
    return (
        f"{scope},,1,,{source},{at:%Y-%m-%d %H:%M:%S}.000000+00:00,,{duration_ms},1,2,{job},"
        f"{number},{name},,{org},,"
    )


LAST_OF_ACME = date(2026, 3, 3)
"""A Tuesday, the last day of two organizations."""


def org_of(day: date, n: int) -> str:
    """Return the organization of the n-th event of a Monday to Thursday: 12 of the usual 20 are
    acme's, 8 are bric's, and nobody's later on."""
    if day > LAST_OF_ACME or day.isoweekday() > 4:
        return ","
    return "7,acme" if n < 12 else "8,bric" if n < 20 else ","


def days() -> Iterator[tuple[date, int]]:
    """Yield each day before the last with its number of events."""
    fridays = iter(FRIDAYS)
    for day in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)):
        usual = 20 if day.isoweekday() <= 4 else next(fridays, 0) if day.isoweekday() == 5 else 0
        yield day, COUNTS.get(day, usual)


def worked(user: str, day: date, *, reported_ms: int, moments: int, apart_s: int = 60):
    """Yield a day of a user: what CVAT reported, and client rows from which time is derived."""
    start = datetime(day.year, day.month, day.day, 10)
    yield row("send:working_time", start, user, duration_ms=reported_ms)
    for n in range(moments):
        yield row("zoom:image", start + timedelta(seconds=n * apart_s), user, source="client")


def noon_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory, build_warehouse) -> duckdb.DuckDBPyConnection:
    """A build over the log made for the checks."""
    folder = tmp_path_factory.mktemp("checked")
    noon = [
        row("create:job", noon_of(day).replace(second=n % 60), f"{n} sue", org=org_of(day, n))
        for day, count in days()
        for n in range(count)
    ]
    people = [
        *worked("1001 ann", LAST, reported_ms=7_200_000, moments=61),
        # 12 minutes apart
        *worked("1002 bob", LAST, reported_ms=4_320_000, moments=61),
        # 31 minutes apart: from 200 s without a row nothing is derived
        *worked("1003 cem", LAST, reported_ms=1_860_000, moments=2, apart_s=200),
        # nothing to derive from
        *worked("1004 dee", LAST, reported_ms=7_200_000, moments=0),
        # too long ago
        *worked("1005 eva", date(2026, 2, 1), reported_ms=7_200_000, moments=61),
        # an hour apart, which is a fifth
        *worked("1006 fay", LAST, reported_ms=18_000_000, moments=241),
        # a day of 24 hours, and one of a second more in two jobs
        *worked("1007 gus", LAST, reported_ms=86_400_000, moments=0),
        *worked("1008 hal", LAST, reported_ms=86_400_000, moments=0),
        row("send:working_time", noon_of(LAST), "1008 hal", duration_ms=1000, job=4),
        # half an hour on a job is not yet worth a word
        *worked("1009 ida", LAST, reported_ms=1_800_000, moments=0),
        # what three of them did in the job: an annotation, a state, an issue
        row("create:shapes", noon_of(LAST), "1001 ann"),
        row("update:job", noon_of(LAST), "1002 bob").replace(
            ":job,,1,,", ":job,state,1,completed,"
        ),
        row("create:issue", noon_of(LAST), "1006 fay"),
        # in another job it does not count
        row("create:shapes", noon_of(LAST), "1004 dee", job=4),
    ]
    log = write_csv(folder / "log.csv", *noon, *people)
    samples = folder / "samples.jsonl"
    with samples.open("w") as file:
        # Three weeks are too few to say what is usual.
        for n in range(28):
            at = int(datetime.fromisoformat("2026-02-10T09:00:00+00:00").timestamp() * 1000)
            at += n * 86_400_000
            for user in range(100 if n < 20 else 1):
                sample = {
                    "startTime": at,
                    "endTime": at,
                    "context": {"userId": f"u{user}"},
                    "eventType": "annotation",
                    "entityType": "annotation",
                    "action": "created",
                    "data": {"annotationId": f"{n}-{user}", "duration": 1000},
                }
                file.write(json.dumps(sample) + "\n")
    models = [
        "+load_audit",
        *("+fct_events", "+fct_activity", "+fct_annotation_actions", "+fct_item_statuses"),
        *("+fct_issue_changes", "+dim_users", "+dim_organizations", "+stg_cvat__batches"),
    ]
    return build_warehouse(log, samples, select=models)


def test_days_out_of_the_usual_range_are_named(build: duckdb.DuckDBPyConnection) -> None:
    # 20 a day: 4 spreads are 4 square roots of 20, 17.9. Fridays: 4 x 1.4826 x 20 = 118.6.
    # Person n has an event on each day of more than n, so that the 181st has their first here.
    assert unusual_days(build, "UTC") == [
        "cvat_events, Sunday 2026-03-08: 5 events; usual are 0 to 4 (median 0 of 8 such days);"
        " most of it sue (0), 1 instead of 0.0",
        "cvat_events, Friday 2026-03-06: 219 events; usual are 0 to 218 (median 100 of 8 such"
        " days); most of it sue (180), 1 instead of 0.0",
        "cvat_events, Thursday 2026-03-05: 38 events; usual are 3 to 37 (median 20 of 8 such days);"
        " most of it sue (20), 1 instead of 0.0",
        "cvat_events, Wednesday 2026-03-04: 0 events; usual are 3 to 37 (median 20 of 8 such days);"
        " most of it sue (0), 0 instead of 1.0",
        "cvat_events, Tuesday 2026-03-03: 2 events; usual are 3 to 37 (median 20 of 8 such days);"
        " most of it sue (10), 0 instead of 1.0",
    ]


def test_days_are_those_of_the_reporting_zone(build: duckdb.DuckDBPyConnection) -> None:
    # Noon in UTC is 02:00 of the next day on Kiritimati.
    named = [line.split(":")[0] for line in unusual_days(build, "Pacific/Kiritimati")]
    assert "cvat_events, Wednesday 2026-03-04" in named
    assert "cvat_events, Tuesday 2026-03-03" not in named


def test_a_source_that_fell_silent_is_named(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    (landed_at,) = build.execute("select max(landed_at) from quality.load_audit").fetchone()
    newest = {
        "cvat_events": datetime(2026, 3, 9, 14),
        "platform_samples": datetime(2026, 3, 9, 9),
    }
    hours = {name: (landed_at - at) / timedelta(hours=1) for name, at in newest.items()}
    monkeypatch.delenv("WAREHOUSE_FRESH_HOURS", raising=False)
    assert stale_sources(build, "UTC") == [
        f"cvat_events: the newest event is of 2026-03-09 14:00 UTC, {hours['cvat_events']:,.1f}"
        " hours before the latest landing (limit 72)",
        "platform_samples: the newest event is of 2026-03-09 09:00 UTC,"
        f" {hours['platform_samples']:,.1f} hours before the latest landing (limit 72)",
    ]
    monkeypatch.setenv("WAREHOUSE_FRESH_HOURS", str(hours["cvat_events"] + 1))
    (line,) = stale_sources(build, "UTC")
    assert line.startswith("platform_samples")
    monkeypatch.setenv("WAREHOUSE_FRESH_HOURS", str(hours["platform_samples"] + 1))
    assert stale_sources(build, "UTC") == []


@pytest.mark.parametrize("said", ["three days", "0", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number_of_hours_is_named(
    said: str, build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_FRESH_HOURS", said)
    with pytest.raises(WarehouseError, match=f"^WAREHOUSE_FRESH_HOURS is '{said}'; it must be"):
        stale_sources(build, "UTC")


def test_accounts_of_a_day_that_differ_are_named(build: duckdb.DuckDBPyConnection) -> None:
    assert disagreements(build, "UTC") == [
        "ann (1001), 2026-03-09: 2.00 h reported, 1.00 h derived",
        "cem (1003), 2026-03-09: 0.52 h reported, 0.00 h derived",
    ]


def test_an_organization_that_fell_silent_is_named(build: duckdb.DuckDBPyConnection) -> None:
    # 12 a day on Monday to Thursday until Tuesday the 3rd, so Wednesday and Thursday are missed;
    # bric with 8 a day has too few to be.
    assert silent_organizations(build, "UTC") == [
        "cvat, organization acme (7): silent since Wednesday 2026-03-04, 2 usual days without an"
        " event (24 expected); last heard of on 2026-03-03"
    ]


def test_days_of_more_hours_than_a_day_has_are_named(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAREHOUSE_DAY_HOURS", raising=False)
    assert long_days(build, "UTC") == [
        "hal (1008), 2026-03-09: 24.00 h, reported, in 2 jobs (limit 24)"
    ]
    monkeypatch.setenv("WAREHOUSE_DAY_HOURS", "4.5")
    assert [line.split(",")[0] for line in long_days(build, "UTC")] == [
        "hal (1008)",
        "gus (1007)",
        "fay (1006)",
    ]
    monkeypatch.setenv("WAREHOUSE_DAY_HOURS", "all")
    with pytest.raises(WarehouseError, match=r"^WAREHOUSE_DAY_HOURS is 'all'; it must be"):
        long_days(build, "UTC")


def test_time_on_a_job_without_an_action_is_named(build: duckdb.DuckDBPyConnection) -> None:
    # Ann saved, bob set a state, fay raised an issue; eva's time was too long ago, ida's too short.
    day = "from 2026-03-09 to 2026-03-09"
    assert idle_jobs(build, "UTC") == [
        f"cvat job 3, gus (1007): 24.00 h {day} and no action",
        f"cvat job 3, hal (1008): 24.00 h {day} and no action",
        f"cvat job 3, dee (1004): 2.00 h {day} and no action",
        f"cvat job 3, cem (1003): 0.52 h {day} and no action",
    ]


def test_a_check_that_cannot_be_made_says_why(
    oddities_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_FRESH_HOURS", "soon")
    (said,) = findings(oddities_home, stale_sources)
    assert said.startswith("This could not be checked: WAREHOUSE_FRESH_HOURS is 'soon'")
    empty = Home(tmp_path)
    (said,) = findings(empty, stale_sources)
    assert said.startswith("This could not be checked: IO Error")
    assert str(empty.build_file) in said


# In Dagster

AUDIT = dg.AssetKey(["quality", "load_audit"])
COUNTED = [
    dg.AssetKey(["staging", "stg_touched_days"]),
    dg.AssetKey(["intermediate", "int_copies_days"]),
    AUDIT,
]
"""What counts the accepted rows of each file, day by day."""

CONSERVED = dg.AssetCheckKey(AUDIT, "assert_every_landed_row_is_accounted_for")
FRESH = dg.AssetCheckKey(AUDIT, "every_source_is_fresh")
OURS = {
    FRESH,
    dg.AssetCheckKey(dg.AssetKey(["core", "fct_events"]), "volume_is_usual"),
    dg.AssetCheckKey(dg.AssetKey(["core", "fct_activity"]), "reported_and_derived_time_agree"),
    dg.AssetCheckKey(dg.AssetKey(["core", "fct_events"]), "no_organization_fell_silent"),
    dg.AssetCheckKey(dg.AssetKey(["core", "fct_activity"]), "no_day_is_too_long"),
    dg.AssetCheckKey(
        dg.AssetKey(["core", "fct_annotation_actions"]), "time_on_a_job_leaves_actions"
    ),
}

Refresh = Callable[[], dg.ExecuteInProcessResult]


@pytest.fixture
def audited(
    tmp_path: Path, refreshed: tuple[Home, str], monkeypatch: pytest.MonkeyPatch
) -> tuple[Home, Refresh]:
    """A copy of the refreshed home, and the run that audits it once more and publishes."""
    home = Home(tmp_path / "home")
    shutil.copytree(refreshed[0].root, home.root)
    for name in ("WAREHOUSE_HOME", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # set by the definitions, as it was afterwards
    definitions = define(home)

    def refresh() -> dg.ExecuteInProcessResult:
        with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
            return definitions.resolve_job_def("refresh").execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"ops": {"models": {"config": {"rebuild_last_days": 99}}}},
                asset_selection=[*COUNTED, dg.AssetKey("published_warehouse")],
            )

    return home, refresh


def evaluations(result: dg.ExecuteInProcessResult) -> dict[dg.AssetCheckKey, bool]:
    return {
        evaluation.asset_check_key: evaluation.passed
        for evaluation in result.get_asset_check_evaluations()
    }


def test_the_checks_of_a_refresh_are_in_the_history(refreshed: tuple[Home, str]) -> None:
    home, _ = refreshed
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        (run,) = instance.get_runs()
        records = [record.dagster_event for record in instance.all_logs(run.run_id)]
    order = [event.step_key for event in records if event and event.is_step_success]
    checked = {
        event.asset_check_evaluation_data.asset_check_key: event.asset_check_evaluation_data
        for event in records
        if event and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    }
    assert set(checked) >= OURS | {CONSERVED}
    assert checked[CONSERVED].passed
    assert {checked[key].severity for key in OURS} == {dg.AssetCheckSeverity.WARN}
    # First the build, then the checks, then the publication.
    assert order[:2] == ["landing", "models"]
    assert order[-1] == "published_warehouse"
    assert len(order) == 3 + len(OURS)


def test_what_a_check_finds_is_shown_and_stops_nothing(
    audited: tuple[Home, Refresh], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, refresh = audited
    monkeypatch.setenv("WAREHOUSE_FRESH_HOURS", "0.000001")
    result = refresh()
    assert result.success
    assert evaluations(result)[FRESH] is False
    assert evaluations(result)[CONSERVED] is True
    (found,) = [e for e in result.get_asset_check_evaluations() if e.asset_check_key == FRESH]
    assert found.severity == dg.AssetCheckSeverity.WARN
    assert "hours before the latest landing (limit 1e-06)" in found.description
    named = [row.data for row in found.metadata["table"].records]
    assert [f"{row['who']}: {row['what']}" for row in named] == found.description.splitlines()
    assert result.asset_materializations_for_node("published_warehouse")


def test_lost_rows_stop_the_publication(audited: tuple[Home, Refresh]) -> None:
    home, refresh = audited
    with duckdb.connect(str(home.build_file)) as file:
        file.execute(
            "delete from staging.stg_cvat__event_copies"
            " where event_id = (select min(event_id) from staging.stg_cvat__event_copies)"
        )
    before = read_publication(home)
    result = refresh()
    assert not result.success
    assert evaluations(result)[CONSERVED] is False
    assert FRESH not in evaluations(result)
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_key == "models"
    assert "assert_every_landed_row_is_accounted_for" in str(failure.step_failure_data.error)
    assert not result.asset_materializations_for_node("published_warehouse")
    assert read_publication(home) == before
