"""The events that CVAT's server records of its own: workflow, issues, annotations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random

from orchestration.demo.browser import NO_JOB, request, user_of
from orchestration.demo.clock import Owner
from orchestration.demo.people import Person
from orchestration.demo.timeline import DAY_MS
from orchestration.demo.truth import add_action
from orchestration.demo.workflow import ORGANIZATIONS, PROJECTS, Board, Issue, Job, new_task
from orchestration.demo.writers import Outbox, Row, put_row


def record(
    outbox: Outbox,
    rng: Random,
    person: Person,
    at_us: int,
    scope: str,
    owner: Owner,
    org: tuple[int, str],
    *,
    late_day: int = 0,
    count: int | None = None,
    obj_name: str | None = None,
    obj_id: int | None = None,
    obj_val: str | None = None,
    **payload: object,
) -> None:
    """Store one server event."""
    payload.setdefault("request", request(rng))
    row = Row(
        at_us,
        at_us,
        scope,
        "server",
        owner,
        user_of(person),
        org,
        json.dumps(payload),
        obj_name=obj_name,
        obj_id=obj_id,
        obj_val=obj_val,
        count=count,
    )
    put_row(outbox, row, late_day)


def found_house(outbox: Outbox, rng: Random, lead: Person, now: int) -> None:
    """Let the lead create the organizations, projects and labels."""
    at_us = now * 1000
    for org in ORGANIZATIONS:
        at_us += rng.randint(5_000_000, 90_000_000)
        name = org[1].title()
        record(outbox, rng, lead, at_us, "create:organization", NO_JOB, org, obj_name=name)
    for project in PROJECTS:
        at_us += rng.randint(20_000_000, 300_000_000)
        owner = (None, None, project.project_id)
        asked = request(rng)
        record(
            outbox,
            rng,
            lead,
            at_us,
            "create:project",
            owner,
            project.org,
            obj_name=project.name,
            obj_id=project.project_id,
            request=asked,
        )
        for label_id, label in zip(project.label_ids, project.labels, strict=True):
            record(
                outbox,
                rng,
                lead,
                at_us,
                "create:label",
                owner,
                project.org,
                obj_name=label,
                obj_id=label_id,
                request=asked,
            )


def open_task(
    outbox: Outbox, rng: Random, board: Board, lead: Person, now: int, org: tuple[int, str]
) -> None:
    """Let the lead create a task with its jobs."""
    jobs = new_task(board, org)
    task_id, name = board.tasks[-1]
    owner = (None, task_id, jobs[0].project.project_id)
    at_us = now * 1000 + rng.randrange(1000)
    record(outbox, rng, lead, at_us, "create:task", owner, org, obj_name=name, obj_id=task_id)
    at_us += rng.randint(4_000_000, 60_000_000)
    asked = request(rng)
    for job in jobs:
        job.ready_at = at_us // 1000
        record(
            outbox,
            rng,
            lead,
            at_us,
            "create:job",
            job.owner,
            org,
            obj_id=job.job_id,
            request=asked,
        )


def update_job(
    outbox: Outbox, rng: Random, person: Person, job: Job, now: int, late_day: int, **new: object
) -> None:
    """Change `state`, `stage` or `assignee` of a job: one event for each field that changes."""
    at_us = now * 1000 + rng.randrange(1000)
    asked = request(rng)
    for name, value in new.items():
        old = getattr(job, name)
        if old == value:
            continue
        setattr(job, name, value)
        if name == "assignee":
            value, old = ({"id": number} if number else None for number in (value, old))
        record(
            outbox,
            rng,
            person,
            at_us,
            "update:job",
            job.owner,
            job.project.org,
            late_day=late_day,
            obj_name=name,
            obj_id=job.job_id,
            obj_val=str(value),
            old_value=old,
            request=asked,
        )


def change_issue(
    outbox: Outbox,
    rng: Random,
    person: Person,
    job: Job,
    issue: Issue,
    action: str,
    now: int,
    late_day: int,
) -> None:
    """Create, resolve, reopen, delete or comment an issue."""
    fields: dict[str, object] = {"obj_id": issue.issue_id}
    scope = f"{action}:issue"
    if action in ("resolve", "reopen"):
        issue.is_open = action == "reopen"
        scope = "update:issue"
        fields |= {
            "obj_name": "resolved",
            "obj_val": str(not issue.is_open),
            "old_value": issue.is_open,
        }
    elif action == "comment":
        scope = "create:comment"
        fields["obj_id"] = issue.issue_id * 10 + rng.randrange(10)
    record(
        outbox,
        rng,
        person,
        now * 1000 + rng.randrange(1000),
        scope,
        job.owner,
        job.project.org,
        late_day=late_day,
        **fields,
    )


def change_annotations(
    outbox: Outbox,
    rng: Random,
    person: Person,
    job: Job,
    action: str,
    ids: Sequence[int],
    now: int,
    late_day: int,
) -> None:
    """Store that objects of a job were created, updated or deleted."""
    kind = job.project.kind
    objects: list[dict[str, object]] = [{"id": number} for number in ids]
    if kind == "tracks":
        objects = [{"id": number, "shapes": [{"id": number * 10}]} for number in ids]
    if now // DAY_MS < outbox.timeline.upgrade:
        # Servers of that age wrote frame and label too.
        label = rng.choice(job.project.label_ids)
        objects = [{**item, "frame": job.next_frame, "label_id": label} for item in objects]
    at_us = now * 1000 + rng.randrange(1000)
    record(
        outbox,
        rng,
        person,
        at_us,
        f"{action}:{kind}",
        job.owner,
        job.project.org,
        late_day=late_day,
        count=len(ids),
        obj_name=job.project.shape,
        **{kind: objects},
    )
    add_action(outbox.truth, now, person.number, job.job_id, f"{action}d", len(ids))
