"""From facts to the events that they come from, and to the lines that the events stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.explain.opened import FILE, rows

CORE = f"{FILE}.core"


@dataclass(frozen=True)
class Origin:
    """One copy of an event in a landed file."""

    file_name: str
    line_number: int
    line_position: int
    """Which unit of the line, where a line holds several."""
    is_accepted: bool
    """Whether this is the copy that counts."""


@dataclass(frozen=True)
class Event:
    """An event (or captured batch) that a fact comes from."""

    event_id: int
    role: str
    """What it is to the fact, such as `save` or `drawing`."""
    scope: str | None
    event_at: datetime | None
    origins: tuple[Origin, ...]


def events_of(
    engine: duckdb.DuckDBPyConnection, fact: str, facts: str
) -> dict[int, tuple[Event, ...]]:
    """Return the events of each fact: its number -> events in the order of time.

    `fact` is the relation, `facts` a table of rows of it, numbered by n.
    """
    engine.execute(f"create or replace temp table causes as {EVENTS[fact](facts)}")
    found = rows(
        engine,
        "select distinct causes.n, causes.role, causes.event_id, events.scope, events.event_at"
        f" from causes left join {CORE}.fct_events as events using (event_id)"
        " order by causes.n, events.event_at, causes.role, causes.event_id",
    )
    copies = defaultdict(list)
    for row in rows(
        engine,
        "select event_id, file_name, line_number, line_position, is_accepted"
        f" from {FILE}.quality.event_origins where event_id in (select event_id from causes)"
        " order by event_id, is_accepted desc, file_name, line_number, line_position",
    ):
        copies[row.pop("event_id")].append(Origin(**row))
    events = defaultdict(list)
    for row in found:
        origins = tuple(copies[row["event_id"]])
        events[row.pop("n")].append(Event(**row, origins=origins))
    return {number: tuple(of_one) for number, of_one in events.items()}


def _itself(key: str) -> Callable[[str], str]:
    """The fact is the event, under another name."""
    return lambda facts: f"select n, 'event' as role, {key} as event_id from {facts}"


def _of_actions(facts: str) -> str:
    """A sample, or the save in CVAT with the drawing since the save before."""
    return f"""
    with {_saves(facts)}
    select n, 'event' as role, annotation_action_id as event_id from {facts}
    where source_system <> 'cvat'
    union all
    select n, 'save' as role, event_id from saves
    union all
    select saves.n, 'drawing' as role, drawn.event_id
    from saves
    inner join steps as drawn
        on
            drawn.counts_as = 'drawing'
            and {_same("drawn", "saves")}
            and drawn.event_at <= saves.event_at
    where
        saves.duration_ms is not null
        and not exists (
            select 1 from steps as earlier
            where
                earlier.counts_as = 'annotation_action'
                and {_same("earlier", "saves")}
                and earlier.event_at >= drawn.event_at
                and (earlier.event_at, earlier.scope, earlier.event_id)
                < (saves.event_at, saves.scope, saves.event_id)
        )
    """


def _saves(facts: str) -> str:
    """CTEs: all steps of annotating in CVAT, and the save of each fact.

    The key of an action is made of its event's and of the object's number in the save.
    """
    return f"""
    steps as (
        select
            events.*,
            scopes.counts_as,
            scopes.annotation_action,
            date_trunc('day', event_at) as event_day
        from {CORE}.fct_events as events
        inner join {CORE}.event_scopes as scopes
            on events.scope = scopes.scope and events.source = scopes.source
        where scopes.annotation_action is not null
    ),
    saves as (
        select steps.* replace (facts.duration_ms as duration_ms), facts.n
        from {facts} as facts
        inner join steps
            on
                facts.action_at = steps.event_at
                and facts.action = steps.annotation_action
                and steps.counts_as = 'annotation_action'
        where
            facts.source_system = 'cvat'
            and list_contains(
                list_transform(
                    range(0, coalesce(steps.object_count, 1) + 1),
                    lambda number: hash(steps.event_id, number)
                ),
                facts.annotation_action_id
            )
    )
    """


def _same(one: str, other: str) -> str:
    """Drawing counts for a save of the same action, user and job within a UTC day."""
    return (
        f"{one}.annotation_action = {other}.annotation_action"
        f" and {one}.event_day = {other}.event_day"
        f" and {one}.user_id is not distinct from {other}.user_id"
        f" and {one}.assignment_id is not distinct from {other}.assignment_id"
    )


def _of_activity(facts: str) -> str:
    """The report, the sample or the batch that says so, or all client rows of a derived stretch."""
    return f"""
    select facts.n, 'report' as role, events.event_id
    from {facts} as facts
    inner join {CORE}.fct_events as events
        on facts.activity_id = hash('reported', events.event_id)
    union all
    select facts.n, 'event' as role, events.event_id
    from {facts} as facts
    inner join {CORE}.fct_events as events
        on facts.activity_id = hash('sampled', events.event_id)
    union all
    select facts.n, 'batch' as role, batches.batch_id as event_id
    from {facts} as facts
    inner join {CORE}.fct_batch_working_time as batches
        on facts.activity_id = hash('replayed', batches.batch_working_time_id)
    union all
    select facts.n, 'client row' as role, events.event_id
    from {facts} as facts
    inner join {CORE}.fct_events as events
        on
            facts.user_id is not distinct from events.user_id
            and events.source_system = 'cvat'
            and events.source = 'client'
            and events.event_at <= facts.ended_at
            and (
                events.event_at >= facts.started_at
                or (events.scope = 'change:frame' and events.ended_at >= facts.started_at)
            )
    where facts.method = 'derived'
    """


def _of_assignments(facts: str) -> str:
    """What happened in the assignment at the time of its first work."""
    return f"""
    select facts.n, 'event' as role, events.event_id
    from {facts} as facts
    inner join {CORE}.fct_events as events
        on facts.assignment_id = events.assignment_id and facts.first_event_at = events.event_at
    """


def _of_cycles(facts: str) -> str:
    """The change that opens the cycle, and the creation that may tell the label and the author."""
    return f"""
    select n, 'opening' as role, issue_cycle_id as event_id from {facts}
    union all
    {_creations(f"select n, annotation_id, opened_at from {facts}")}
    """


def _of_issue_times(facts: str) -> str:
    """The changes of the cycle until then; for raising also what it is counted from."""
    return f"""
    with steps_of_issues as (
        select facts.n, facts.step, facts.measured_at, changes.issue_id, changes.cycle_number
        from {facts} as facts
        inner join {CORE}.fct_issue_changes as changes
            on facts.issue_change_id = changes.issue_change_id
    ),
    raised as (
        select steps.n, cycles.*
        from steps_of_issues as steps
        inner join {CORE}.fct_issue_cycles as cycles using (issue_id, cycle_number)
        where steps.step = 'raise'
    )
    select steps.n, 'change' as role, changes.issue_change_id as event_id
    from steps_of_issues as steps
    inner join {CORE}.fct_issue_changes as changes using (issue_id, cycle_number)
    where changes.changed_at <= steps.measured_at
    union all
    {_creations("select n, annotation_id, opened_at from raised")}
    union all
    (
        select raised.n, 'completion' as role, statuses.item_status_id as event_id
        from raised
        inner join {CORE}.fct_item_statuses as statuses
            on
                raised.item_id = statuses.item_id
                and epoch_ms(statuses.changed_at) = epoch_ms(raised.opened_at) - raised.raise_ms
        where statuses.status = 'completed' and not statuses.is_cleared
    )
    """


def _creations(annotations: str) -> str:
    """Return the events that first created annotations, of rows n, annotation_id."""
    created = f"""
        select actions.*, annotations.n
        from ({annotations}) as annotations
        inner join {CORE}.fct_annotation_actions as actions using (annotation_id)
        where actions.action = 'created'
        qualify row_number() over (
            partition by annotations.n order by action_at, annotation_action_id
        ) = 1
    """
    return f"""
    (
        with created as ({created}), {_saves("created")}
        select n, 'creation' as role, annotation_action_id as event_id from created
        where source_system <> 'cvat'
        union all
        select n, 'creation' as role, event_id from saves
    )
    """


EVENTS: dict[str, Callable[[str], str]] = {
    "core.fct_activity": _of_activity,
    "core.fct_annotation_actions": _of_actions,
    "core.fct_assignment_changes": _itself("assignment_change_id"),
    "core.fct_assignments": _of_assignments,
    "core.fct_events": _itself("event_id"),
    "core.fct_executions": _itself("execution_change_id"),
    "core.fct_issue_changes": _itself("issue_change_id"),
    "core.fct_issue_cycles": _of_cycles,
    "core.fct_item_statuses": _itself("item_status_id"),
    "core.fct_model_metrics": _itself("model_metric_id"),
    "core.fct_pipeline_executions": _itself("pipeline_execution_change_id"),
    "core.fct_service_samples": _itself("service_sample_id"),
    "core.fct_user_events": _itself("event_id"),
    "rollups.issue_times": _of_issue_times,
}
"""The facts -> the query that gives their events: n, role, event_id."""
