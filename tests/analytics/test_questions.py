"""What a payload may be: everything else is refused with one line that names the field."""

from __future__ import annotations

from typing import Any

import pytest

from serving.analytics.examples import examples
from serving.callers.sight import Sight
from serving.refusal import Refused
from tests.analytics.conftest import Ask
from tests.analytics.test_answers import NOT_BOUND

START = 1704067200000
"""2024-01-01"""


def asking(measure: object = "userStatsActivityTime", **more: Any) -> dict[str, Any]:
    """Return a payload of one measure; `top_…` goes to the payload itself."""
    top = {name[4:]: value for name, value in more.items() if name.startswith("top_")}
    own = {name: value for name, value in more.items() if not name.startswith("top_")}
    return {"startTime": START, "measures": [{"measureType": measure, **own}], **top}


REFUSED = [
    ([], "The body: [] is no JSON object"),
    (None, "The body: null is no JSON object"),
    ({"measures": [{"measureType": "activeUsers"}]}, "startTime is missing"),
    (asking(top_startTime="yesterday"), "startTime: 'yesterday' is neither epoch milliseconds"),
    (asking(top_startTime=True), "startTime: True is neither"),
    (asking(top_startTime=float("nan")), "startTime: nan is neither"),
    (asking(top_startTime=[1]), "startTime: [1] is neither"),
    (asking(top_startTime=1e300), "startTime: 1e+300 is outside 1970 to 2100"),
    (asking(top_startTime=-1), "startTime: -1 is outside"),
    (asking(top_startTime="2024-02-30"), "startTime: '2024-02-30' is no time that there is"),
    (asking(top_endTime=START - 1), "startTime is after endTime"),
    (asking(top_startTime=4_000_000_000_000), "startTime is after now"),
    (asking(top_contxt={}), "'contxt' is none of startTime, endTime, context, measures"),
    (asking(top_context=[]), "context: [] is no JSON object"),
    (asking(top_context={"projectId": "p1"}), "context.projectId: 'p1' is no list of texts"),
    (asking(top_context={"projectId": [["p1"]]}), "context.projectId[0]: ['p1'] is no text"),
    (asking(top_context={"projectId": [1]}), "context.projectId[0]: 1 is no text"),
    (asking(top_context={"userId": ["a\0b"]}), "context.userId[0]: 'a\\x00b' is no text"),
    (asking(top_context={"userId": ["\ud800"]}), "context.userId[0]: "),
    (asking(top_context={"userId": ["a"] * 10_001}), "context.userId: 10001 values are more"),
    (asking(top_context={"colour": []}), "context: 'colour' is none of userId, orgId"),
    (asking(top_context={"podId": ["a"]}), "context.podId: userStatsActivityTime has no 'podId'"),
    ({"startTime": START}, "measures: a list of one or more measures is missing"),
    ({"startTime": START, "measures": []}, "measures: a list"),
    ({"startTime": START, "measures": ["activeUsers"]}, "measures[0]: 'activeUsers' is no JSON"),
    ({"startTime": START, "measures": [{}] * 101}, "measures: 101 are more than 100 at once"),
    (asking(None), "measures[0].measureType: null is not the name of a measure"),
    (asking("activeUser"), "measures[0].measureType: there is no measure 'activeUser'; did you"),
    (asking("'; drop table x"), "measures[0].measureType: there is no measure"),
    (asking(timeGranularity="fortnight"), "measures[0].timeGranularity: 'fortnight' is none of"),
    (asking(timeGranularity=["day", ["week"]]), "measures[0].timeGranularity: ['week'] is none"),
    (asking(sortDirection="up"), "measures[0].sortDirection: 'up' is none of ascending"),
    (asking(page=-1), "measures[0].page: -1 is no whole number from 0 on"),
    (asking(page=True), "measures[0].page: True is no whole number"),
    (asking(page=1.5), "measures[0].page: 1.5 is no whole number"),
    (asking(page=2**40), "measures[0].page: 1099511627776 is no whole number"),
    (asking(pageSize="10"), "measures[0].pageSize: '10' is no whole number"),
    (asking(params=[]), "measures[0].params: [] is no JSON object"),
    (asking(params={"zone": "UTC"}), "measures[0].params.'zone' is none of groupByFields"),
    (asking(params={"fill": "yes"}), "measures[0].params.fill: 'yes' is neither true nor false"),
    (asking(params={"timezone": "Mars/Olympus"}), "measures[0].params.timezone: 'Mars/Olympus'"),
    (asking(params={"groupByFields": "userId"}), "measures[0].params.groupByFields: 'userId' is"),
    (asking(params={"groupByFields": ["podId"]}), "measures[0].params.groupByFields[0]: user"),
    (asking(params={"groupByFields": [{}]}), "measures[0].params.groupByFields[0]: user"),
    (asking(params={"percentiles": [0.5]}), "measures[0].params.percentiles: userStatsActivity"),
    (
        asking("executionDuration", params={"percentiles": [1]}),
        "measures[0].params.percentiles[0]: 1 is no number between 0 and 1",
    ),
    (
        asking("issueCounters", timeGranularity="day", params={"fill": True}),
        "measures[0].params.fill: issueCounters has no zero",
    ),
]


@pytest.mark.parametrize(("payload", "line"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_wrong_payload_is_refused_with_the_field(ask: Ask, payload: object, line: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(payload)
    assert refused.value.message.startswith(line)
    assert "\n" not in refused.value.message
    assert refused.value.status == 400


def rows(found: list[dict[str, Any]]) -> list[Any]:
    (only,) = found
    return only["response"]


def test_old_forms_of_a_payload_are_taken(ask: Ask) -> None:
    everything = rows(ask(asking()))
    empty = {name: [] for name in ("projectId", "podId", "snapshotId")}
    for payload in (
        asking(top_startTime=START + 0.25, top_endTime=None, top_context=empty),
        asking(top_startTime="2024-01-01", top_context=None),
        asking(top_startTime="2024-01-01T01:00:00+01:00", timeGranularity=[], params=None),
    ):
        assert rows(ask(payload)) == everything


def test_every_measure_and_granularity_has_its_object_in_the_order_asked(ask: Ask) -> None:
    payload = asking(timeGranularity=["month", "day"])
    payload["measures"].append({"measureType": "annotationTimeline"})
    payload["endTime"] = START
    assert ask(payload) == [
        {
            "measureType": name,
            "timeGranularity": granularity,
            "response": [],
            "page": 0,
            "pageSize": 1000,
            "hasNext": False,
        }
        for name, granularity in (
            ("userStatsActivityTime", "month"),
            ("userStatsActivityTime", "day"),
            ("annotationTimeline", "hour"),
        )
    ]


def test_pages_are_parts_of_the_whole(ask: Ask) -> None:
    whole = ask(asking(timeGranularity="day", pageSize=0))
    pages = []
    for page in range(100):
        (one,) = ask(asking(timeGranularity="day", pageSize=7, page=page))
        pages += one["response"]
        if not one["hasNext"]:
            break
    assert len(pages) > 14
    assert pages == rows(whole)


def test_a_direction_orders_by_time_or_else_by_what_was_counted(ask: Ask) -> None:
    series = rows(ask(asking(timeGranularity="day", sortDirection="descending")))
    times = [row["timestamp"] for row in series]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) > 3
    for direction, is_reverse in (("descending", True), ("ascending", False)):
        values = [row["value"] for row in rows(ask(asking(sortDirection=direction)))]
        assert values == sorted(values, reverse=is_reverse)
        assert len(set(values)) > 3


def test_more_rows_than_the_limit_are_refused(ask: Ask) -> None:
    with pytest.raises(Refused, match=r"more than 5 rows here: ask for pages") as refused:
        ask(asking(timeGranularity="second", pageSize=0), row_limit=5)
    assert refused.value.status == 413
    with pytest.raises(Refused, match=r"pageSize: 1000 is more than 5 rows"):
        ask(asking(), row_limit=5)
    with pytest.raises(Refused, match=r"params.fill: seconds of the whole window are more"):
        ask(asking(timeGranularity="second", params={"fill": True}))


def test_text_of_a_caller_is_never_sql(ask: Ask) -> None:
    for text in ("' or 1=1 --", "$user_id_0", '"; drop table core.fct_events; --'):
        assert rows(ask(asking(top_context={"userId": [text]}))) == []


# Filled series


def test_filled_buckets_are_zeros_of_the_combinations_that_occur(ask: Ask) -> None:
    # Zoë worked from 29 February to 2 March 2024, and idled on the first two days.
    window = {"top_startTime": "2024-02-28", "top_endTime": "2024-03-04"}
    context = {"top_context": {"userId": ["7"]}}
    found = rows(ask(asking(timeGranularity="day", params={"fill": True}, **window, **context)))
    day = 86_400_000
    first = 1709078400000
    by_status = {"active": [], "idle": []}
    for row in found:
        by_status[row["activityStatus"]].append((row["timestamp"], row["durationMs"], row["value"]))
    assert len(found) == 10
    for series in by_status.values():
        assert [at for at, _, _ in series] == [first + n * day for n in range(5)]
        assert all(ms == value for _, ms, value in series)
    assert [ms > 0 for _, ms, _ in by_status["active"]] == [False, True, True, True, False]
    assert [ms > 0 for _, ms, _ in by_status["idle"]] == [False, True, True, False, False]


def test_days_of_another_zone_are_filled_too(ask: Ask) -> None:
    payload = asking(
        "userStatsTotalActivityTime",
        timeGranularity="day",
        params={"fill": True, "timezone": "Asia/Kolkata"},
        top_startTime="2024-02-28",
        top_endTime="2024-03-01",
    )
    found = rows(ask(payload))
    # 18:30 UTC is midnight there. The first day began before the window.
    assert [row["timestamp"] for row in found] == [
        1709058600000,
        1709145000000,
        1709231400000,
    ]
    assert [row["value"] > 0 for row in found] == [False, True, True]


# Names


def test_names_stand_beside_ids(ask: Ask) -> None:
    payload = asking(params={"names": True, "groupByFields": ["projectId"]})
    names = {row["userId"]: row["userName"] for row in rows(ask(payload))}
    assert names["7"] == "Zoë Müller"
    assert all("projectName" in row for row in rows(ask(payload)))
    assert "userName" not in rows(ask(asking()))[0]


# What a caller may see


def test_somebody_sees_their_own(ask: Ask) -> None:
    mine = rows(ask(asking(), Sight(user_id="7")))
    assert {row["userId"] for row in mine} == {"7"}
    assert mine == rows(ask(asking(top_context={"userId": ["7"]})))
    assert rows(ask(asking(top_context={"userId": ["7"]}), Sight(user_id="7"))) == mine


def test_others_are_not_to_be_asked_for(ask: Ask) -> None:
    with pytest.raises(Refused, match=r"context\.userId asks for more than you may see") as refused:
        ask(asking(top_context={"userId": ["7", "9"]}), Sight(user_id="7"))
    assert refused.value.status == 403


@pytest.mark.parametrize("name", examples())
def test_nothing_of_others_is_in_an_answer(ask: Ask, name: str) -> None:
    """Whoever is nobody sees nothing, whatever they ask."""
    nobody = Sight(org_id="no such organization", user_id="nobody")
    for granularity in (None, "day", "second"):
        payload = asking(name, timeGranularity=granularity)
        if name in NOT_BOUND:
            with pytest.raises(Refused, match="ask somebody who sees all of it"):
                ask(payload, nobody)
        else:
            assert rows(ask(payload, nobody)) == []


# Examples


@pytest.mark.parametrize("name", examples())
def test_an_example_answers_with_a_row(ask: Ask, name: str) -> None:
    (found,) = ask(examples()[name])
    assert found["measureType"] == name
    assert found["response"] != []
