"""The people of the other platform: assignments, items, annotations, issues and time."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from orchestration.demo.people import Person
from orchestration.demo.services import Machines, run_pipeline, sample
from orchestration.demo.truth import Truth, add_action, add_activity

LABELS = {"car": 5, "pedestrian": 3, "truck": 2, "bicycle": 1}
TYPES = ("box", "box", "segment", "polyline")
MINUTE_MS = 60_000


@dataclass
class Assignment:
    """A share of a task: some items for one annotator."""

    assignment_id: str
    task_id: str
    annotator: Person
    total: int
    done: int = 0


@dataclass
class Work:
    """An item that is finished, and what a reviewer does not like about it."""

    item_id: str
    assignment: Assignment
    annotation_id: str
    label: str
    ready_at: int
    issue_id: str | None = None
    rounds: int = 0


@dataclass
class Studio:
    """The state of the platform's project between days."""

    rng: Random
    truth: Truth
    machines: Machines
    context: dict[str, str]
    open: dict[int, Assignment] = field(default_factory=dict)
    to_review: list[Work] = field(default_factory=list)
    to_fix: list[Work] = field(default_factory=list)
    assignments: int = 0
    items: int = 0
    annotations: int = 0
    issues: int = 0


@dataclass
class Shift:
    """One person's day: the samples it makes. `pace` 2 does in one hour what 1 does in two."""

    studio: Studio
    person: Person
    pace: float
    samples: list[dict] = field(default_factory=list)


def platform_day(
    studio: Studio, person: Person, times: list[tuple[int, int]], pace: float
) -> list[dict]:
    """Let a person work through the given [start, end) times; return the samples."""
    shift = Shift(studio, person, pace)
    for start, end in times:
        now = _spend(shift, start, studio.rng.randint(30, 150), {}, surface="browser")
        while now < end:
            now = _next_thing(shift, now)
    return shift.samples


def _next_thing(shift: Shift, now: int) -> int:
    studio, person = shift.studio, shift.person
    if person.is_reviewer:
        for work in studio.to_review:
            if work.ready_at <= now and work.assignment.annotator is not person:
                studio.to_review.remove(work)
                return _review(shift, work, now)
    for work in studio.to_fix:
        if work.ready_at <= now and work.assignment.annotator is person:
            studio.to_fix.remove(work)
            return _fix(shift, work, now)
    return _annotate_item(shift, now)


def _annotate_item(shift: Shift, now: int) -> int:
    studio, rng = shift.studio, shift.studio.rng
    assignment = studio.open.get(shift.person.number) or _new_assignment(shift, now)
    studio.items += 1
    item_id = f"item-{studio.items:06d}"
    place = _place(assignment, item_id)
    if rng.random() < 0.15:
        _add(shift, now, "created", place, 0, source="system", label="car")
    if rng.random() < 0.08:
        took = rng.randint(4_000, 15_000)
        _add(shift, now, "created", place, took, bulk=True, count=rng.randint(8, 40))
    label = annotation_id = ""
    for _ in range(rng.randint(2, 6)):
        seconds = rng.uniform(50, 210) * shift.person.slowness / shift.pace
        now = _spend(shift, now, seconds, place)
        took = int(seconds * rng.uniform(400, 850))
        annotation_id, label = _add(shift, now, "created", place, took)
        if rng.random() < 0.2:
            fields = {"annotation_id": annotation_id, "label": label}
            _add(shift, now, "updated", place, rng.randint(2_000, 15_000), **fields)
        elif rng.random() < 0.05:
            fields = {"annotation_id": annotation_id, "label": label}
            _add(shift, now, "deleted", place, rng.randint(500, 3_000), **fields)
    if rng.random() < 0.12:
        now = _spend(shift, now, rng.randint(60, 280), place, status="idle")
    status = "discard" if rng.random() < 0.03 else "completed"
    _put(shift, "item_status", "create", now, place, {"status": status})
    if status == "completed":
        if rng.random() < 0.04:
            # Second thoughts: the status is cleared and set again.
            _put(shift, "item_status", "delete", now + 20_000, place, {"status": status})
            now = _spend(shift, now + 20_000, rng.randint(20, 60), place)
            _put(shift, "item_status", "create", now, place, {"status": status})
        work = Work(item_id, assignment, annotation_id, label, now)
        studio.to_review.append(work)
        if rng.random() < 0.7:
            shift.samples += run_pipeline(studio.machines, item_id, now + 500)
    assignment.done += 1
    if assignment.done >= assignment.total:
        _note_assignment(shift, assignment, "done", now + 900)
        del studio.open[shift.person.number]
    return now + rng.randint(2_000, 8_000)


def _review(shift: Shift, work: Work, now: int) -> int:
    studio, rng = shift.studio, shift.studio.rng
    place = _place(work.assignment, work.item_id)
    now = _spend(shift, now, rng.uniform(40, 180) / shift.pace, place)
    if work.issue_id is None:
        if rng.random() > work.assignment.annotator.error_rate * 4:
            _put(shift, "item_status", "create", now, place, {"status": "approved"})
            return now + rng.randint(1_000, 5_000)
        studio.issues += 1
        work.issue_id = f"iss-{studio.issues:05d}"
        _put(shift, "item_status", "delete", now, place, {"status": "completed"})
        change = "issue"
    elif work.rounds < 3 and rng.random() < 0.2:
        change = "issue"
    else:
        change = "cleared" if rng.random() < 0.1 else "approved"
    _change_issue(shift, work, change, now)
    work.ready_at = now
    if change == "issue":
        work.rounds += 1
        studio.to_fix.append(work)
        if work.assignment.done >= work.assignment.total:
            _note_assignment(shift, work.assignment, "reopened", now + 300)
    else:
        _put(shift, "item_status", "create", now + 200, place, {"status": "approved"})
    return now + rng.randint(1_000, 5_000)


def _fix(shift: Shift, work: Work, now: int) -> int:
    studio, rng = shift.studio, shift.studio.rng
    place = _place(work.assignment, work.item_id)
    seconds = rng.uniform(30, 120) / shift.pace
    now = _spend(shift, now, seconds, place)
    fields = {"annotation_id": work.annotation_id, "label": work.label}
    _add(shift, now, "updated", place, int(seconds * 700), **fields)
    _change_issue(shift, work, "review", now + 500)
    _put(shift, "item_status", "create", now + 700, place, {"status": "completed"})
    work.ready_at = now + 1_000
    studio.to_review.append(work)
    if work.assignment.done >= work.assignment.total:
        _note_assignment(shift, work.assignment, "done", now + 900)
    return now + rng.randint(2_000, 8_000)


def _new_assignment(shift: Shift, now: int) -> Assignment:
    studio = shift.studio
    studio.assignments += 1
    number = studio.assignments
    assignment = Assignment(
        f"asg-{number:04d}", f"tsk-{(number - 1) // 4 + 1:03d}", shift.person, 0
    )
    assignment.total = studio.rng.randint(40, 90)
    studio.open[shift.person.number] = assignment
    _note_assignment(shift, assignment, "created", now - 600_000)
    _note_assignment(shift, assignment, "assigned", now - 590_000)
    return assignment


def _place(assignment: Assignment, item_id: str) -> dict[str, object]:
    return {
        "datasetId": "ds-street",
        "taskId": assignment.task_id,
        "assignmentId": assignment.assignment_id,
        "itemId": item_id,
    }


def _spend(
    shift: Shift,
    now: int,
    seconds: float,
    place: dict[str, object],
    *,
    status: str = "active",
    surface: str = "studio",
) -> int:
    took = int(seconds * 1000)
    _put(shift, "activity", status, now, place, {"surface": surface}, end=now + took)
    add_activity(shift.studio.truth, shift.person.email, now, status, surface, took)
    return now + took


def _add(
    shift: Shift,
    now: int,
    action: str,
    place: dict[str, object],
    duration: int,
    *,
    annotation_id: str | None = None,
    label: str | None = None,
    source: str = "ui",
    bulk: bool = False,
    count: int = 1,
) -> tuple[str, str]:
    studio, rng = shift.studio, shift.studio.rng
    if annotation_id is None:
        studio.annotations += 1
        annotation_id = f"ann-{studio.annotations:07d}"
    label = label or rng.choices(list(LABELS), list(LABELS.values()))[0]
    data: dict[str, object] = {
        "annotationId": annotation_id,
        "label": label,
        "annotationType": "class" if bulk else rng.choice(TYPES),
        "duration": duration,
        "bulk": bulk,
        "source": source,
    }
    if count > 1:
        data["count"] = count
    _put(shift, "annotation", action, now, place, data)
    assignment_id = str(place["assignmentId"])
    add_action(studio.truth, now, shift.person.email, assignment_id, action, count)
    return annotation_id, label


def _change_issue(shift: Shift, work: Work, change: str, now: int) -> None:
    data = {
        "issueId": work.issue_id,
        "annotationId": work.annotation_id,
        "label": work.label,
        "annotator": work.assignment.annotator.email,
    }
    _put(shift, "issue", change, now, _place(work.assignment, work.item_id), data)


def _note_assignment(shift: Shift, assignment: Assignment, change: str, now: int) -> None:
    place = _place(assignment, "")
    del place["itemId"]
    data = {"totalItems": assignment.total, "annotator": assignment.annotator.email}
    _put(shift, "assignment", change, now, place, data)


def _put(
    shift: Shift,
    kind: str,
    action: str,
    now: int,
    place: dict[str, object],
    data: dict[str, object],
    *,
    end: int | None = None,
) -> None:
    role = "reviewer" if shift.person.is_reviewer else "annotator"
    who = {"userId": shift.person.email, "role": role}
    context = {**shift.studio.context, **who, **place}
    shift.samples.append(sample(kind, action, now, now if end is None else end, context, data))
