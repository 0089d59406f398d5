"""Ten questions that the benchmark asks the service: as payloads, and as SQL over measures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple


class Days(NamedTuple):
    """What the questions are about. Times are UTC without a zone; the end is not included."""

    day: datetime
    user_id: str
    first: datetime
    end: datetime


class Question(NamedTuple):
    """One question, in both languages."""

    name: str
    payload: Mapping[str, Any]
    sql: str
    """Its columns are those of the answer, or some of them."""
    values: Mapping[str, Any]


def questions(days: Days) -> list[Question]:
    """Return the ten questions."""
    monday = days.day - timedelta(days=days.day.weekday())
    day = (days.day, days.day + timedelta(days=1))
    week = (monday, monday + timedelta(days=7))
    year = (datetime(days.end.year - 1, 1, 1), datetime(days.end.year + 1, 1, 1))
    return [
        _question(
            "active users, each day of all days",
            "activeUsers",
            (days.first, days.end),
            "day",
            """
            select epoch_ms(period_start) as timestamp, user_id as "userId"
            from measures.active_users
            where {buckets} and user_id is not null
            group by all
            """,
        ),
        _question(
            "working time of a week, by user and job",
            "userStatsActivityTimeByField",
            week,
            "week",
            """
            select
                user_id as "userId",
                assignment_id as "assignmentId",
                activity_status as "activityStatus",
                sum(duration_ms)::bigint as duration
            from measures.user_stats_activity_time_by_field
            where {buckets}
            group by all
            """,
            params={"groupByFields": ["assignmentId"]},
        ),
        _question(
            "annotation timeline of a week, by hour",
            "annotationTimeline",
            week,
            "hour",
            """
            select
                epoch_ms(period_start) as timestamp,
                action,
                sum(action_count)::bigint as "actionCount",
                sum(duration_ms)::bigint as "durationMs"
            from measures.annotation_timeline
            where {buckets}
            group by all
            """,
        ),
        _question(
            "items by their annotation time, by week",
            "countItemInAnnotationTimeBucket",
            (week[0] - timedelta(days=28), week[1]),
            "week",
            """
            select
                epoch_ms(period_start) as timestamp,
                bucket,
                -- An item lies in one dataset, so that its buckets can be added up over them.
                sum(item_count)::bigint as "itemCount"
            from measures.count_item_in_annotation_time_bucket
            where {buckets}
            group by all
            """,
        ),
        _question(
            "annotation timeline of a day, by minute",
            "annotationTimeline",
            day,
            "minute",
            """
            select
                epoch_ms(period_start) as timestamp,
                action,
                sum(action_count)::bigint as "actionCount"
            from measures.annotation_timeline
            where {buckets}
            group by all
            """,
        ),
        _question(
            "working time of two years, by month and user",
            "userStatsActivityTime",
            year,
            "month",
            """
            select
                epoch_ms(period_start) as timestamp,
                user_id as "userId",
                activity_status as "activityStatus",
                sum(duration_ms)::bigint as "durationMs"
            from measures.user_stats_activity_time
            where {buckets}
            group by all
            """,
        ),
        _question(
            "a user's day, by hour and job",
            "userStatsActivityTimeByField",
            day,
            "hour",
            """
            select
                epoch_ms(period_start) as timestamp,
                user_id as "userId",
                assignment_id as "assignmentId",
                activity_status as "activityStatus",
                sum(duration_ms)::bigint as duration
            from measures.user_stats_activity_time_by_field
            where {buckets} and user_id = $user_id
            group by all
            """,
            params={"groupByFields": ["assignmentId"]},
            user_id=days.user_id,
        ),
        _question(
            "time from an issue to its end, by month",
            "issueResolveTime",
            year,
            "month",
            """
            select
                epoch_ms(period_start) as timestamp,
                sum(issue_count)::bigint as "issueCount",
                sum(duration_ms) / sum(issue_count) as value
            from measures.issue_resolve_time
            where {buckets}
            group by all
            """,
        ),
        _question(
            "the ten labels with most actions of a week",
            "labelingActionsPerLabel",
            week,
            "week",
            """
            select label, action, sum(action_count)::bigint as "actionCount"
            from measures.labeling_actions_per_label
            where {buckets}
            group by all
            order by "actionCount" desc, label nulls first, action nulls first
            limit 10
            """,
            pageSize=10,
            sortDirection="descending",
        ),
        _question(
            "the queues of services, by hour of a day",
            "serviceQueueSize",
            day,
            "hour",
            """
            select
                epoch_ms(period_start) as timestamp,
                service_id as "serviceId",
                sum(queue_sum) / sum(sample_count) as value
            from measures.service_queue_size
            where {buckets}
            group by all
            """,
        ),
    ]


BUCKETS = "time_granularity = $granularity and period_start >= $start and period_start < $end"


def _question(
    name: str,
    measure: str,
    window: tuple[datetime, datetime],
    granularity: str,
    sql: str,
    *,
    user_id: str | None = None,
    **more: Any,
) -> Question:
    """A question whose window is made of whole buckets; without a timestamp it is one of them."""
    start, end = window
    is_series = "as timestamp" in sql
    asked = {"measureType": measure, "pageSize": 0, **more}
    values = {"granularity": granularity, "start": start, "end": end}
    context = {}
    if is_series:
        asked["timeGranularity"] = granularity
    if user_id is not None:
        values["user_id"], context = user_id, {"userId": [user_id]}
    payload = {
        "startTime": _ms(start),
        "endTime": _ms(end),
        "context": context,
        "measures": [asked],
    }
    return Question(name, payload, sql.replace("{buckets}", BUCKETS), values)


def _ms(at: datetime) -> int:
    return round(at.replace(tzinfo=UTC).timestamp() * 1000)
