"""An annotator at work: draws a job frame by frame, and mends what a reviewer sent back."""

from __future__ import annotations

from orchestration.demo.browser import log
from orchestration.demo.desk import (
    SAVE_MS,
    Desk,
    edit,
    go_to_frame,
    open_job,
    remove,
    save,
    spend,
    wander,
)
from orchestration.demo.server import change_annotations, change_issue, record, update_job
from orchestration.demo.workflow import Job, hand_over, new_ids

DETECTOR = "onnx-wongkinyiu-yolov7"


def start_annotating(desk: Desk, job: Job, now: int) -> int:
    """Take a job and open it; return the time when it is there."""
    if job.state != "in progress" or job.assignee != desk.person.number:
        update_job(
            desk.outbox,
            desk.rng,
            desk.person,
            job,
            now,
            desk.late_day,
            assignee=desk.person.number,
            state="in progress",
        )
    job.annotator = desk.person
    now = open_job(desk, job, now + 2_000)
    is_fresh = job.next_frame == job.start and not job.objects
    if is_fresh and job.project.kind == "shapes" and desk.rng.random() < 0.08:
        now = _detect(desk, job, now)
    return now


def annotate_frame(desk: Desk, job: Job, now: int) -> int:
    """Annotate the job's next frame; return the time when it is done."""
    rng, project = desk.rng, job.project
    if project.kind == "tracks":
        # Tracks are made by playing the video; the neighbouring changes are one event.
        frame = min(job.stop, job.next_frame + rng.randint(3, 9))
        now = go_to_frame(desk, job, now, frame, int(rng.uniform(8, 45) * 1000 / desk.pace))
    else:
        now = go_to_frame(desk, job, now, job.next_frame, _load_time(desk))
    job.next_frame = desk.frame
    for _ in range(rng.randint(*project.per_frame)):
        now = _draw(desk, job, wander(desk, now))
    if rng.random() < 0.3:
        now = edit(desk, job, now)
    if rng.random() < 0.06:
        now = remove(desk, job, now)
    if rng.random() < 0.15:
        log(desk.tab, now, rng.choice(("zoom:image", "fit:image")), job.owner)
    if rng.random() < 0.004:
        _fail(desk, job, now)
    if now - desk.saved_at > SAVE_MS or job.next_frame >= job.stop:
        now = save(desk, job, now)
    job.next_frame += 1
    job.touched_at = now
    return _finish(desk, job, now, "annotate") if job.next_frame > job.stop else now


def fix_issue(desk: Desk, job: Job, now: int) -> int:
    """Mend the job's next open issue; return the time when it is done."""
    issue = next(issue for issue in job.issues if issue.is_open)
    now = go_to_frame(desk, job, now, issue.frame, _load_time(desk))
    now = spend(desk, job, now, desk.rng.uniform(10, 40))
    for _ in range(desk.rng.randint(1, 2)):
        now = edit(desk, job, now)
    if desk.rng.random() < 0.25:
        now = _draw(desk, job, now)
    if desk.rng.random() < 0.2:
        now = remove(desk, job, now)
    now = save(desk, job, now)
    args = (desk.outbox, desk.rng, desk.person, job, issue)
    if desk.rng.random() < 0.4:
        change_issue(*args, "comment", now + 3_000, desk.late_day)
    change_issue(*args, "resolve", now + 5_000, desk.late_day)
    now += 6_000
    is_done = not any(issue.is_open for issue in job.issues)
    return _finish(desk, job, now, "fix") if is_done else now


def _draw(desk: Desk, job: Job, now: int) -> int:
    rng, project = desk.rng, job.project
    began = now
    now = spend(desk, job, now, project.seconds * rng.lognormvariate(-0.1, 0.45))
    took = int((now - began) * rng.uniform(0.4, 0.8))
    scope, number = "draw:object", 1
    if project.kind == "shapes" and rng.random() < 0.06:
        scope, number = "paste:object", 1
    elif project.kind == "shapes" and rng.random() < 0.02:
        scope, number = "propagate:object", rng.randint(3, 10)
    log(
        desk.tab,
        now,
        scope,
        job.owner,
        count=number,
        duration=took if scope == "draw:object" else rng.randint(300, 2_500),
        obj_name=project.shape,
    )
    ids = new_ids(desk.board, number)
    desk.unsaved["create"] += ids
    job.objects += ids
    return now


def _detect(desk: Desk, job: Job, now: int) -> int:
    # A detector's boxes come in one go; the annotator goes through them afterwards.
    record(
        desk.outbox,
        desk.rng,
        desk.person,
        now * 1000,
        "call:function",
        job.owner,
        job.project.org,
        late_day=desk.late_day,
        function={"id": DETECTOR},
        category="interactive" if job.project.shape == "polygon" else "batch",
    )
    now += desk.rng.randint(8_000, 60_000)
    ids = new_ids(desk.board, desk.rng.randint(6, 25))
    job.objects += ids
    change_annotations(desk.outbox, desk.rng, desk.person, job, "create", ids, now, desk.late_day)
    return now


def _finish(desk: Desk, job: Job, now: int, kind: str) -> int:
    update_job(
        desk.outbox,
        desk.rng,
        desk.person,
        job,
        now + 1_500,
        desk.late_day,
        state="completed",
    )
    update_job(
        desk.outbox,
        desk.rng,
        desk.person,
        job,
        now + 4_000,
        desk.late_day,
        stage="validation",
        state="new",
    )
    hand_over(desk.board, desk.person, "review", job, now + 5_000)
    return now + 6_000


def _fail(desk: Desk, job: Job, now: int) -> None:
    log(
        desk.tab,
        now,
        "send:exception",
        job.owner,
        message="Cannot read properties of undefined (reading 'points')",
        stack="TypeError: Cannot read properties of undefined (reading 'points')\n"
        "    at CanvasViewImpl.onEditDone (cvat-canvas.js:2:318422)",
        filename="cvat-canvas.js",
        line=2,
        column=318_422,
    )


def _load_time(desk: Desk) -> int:
    return int(desk.rng.lognormvariate(6.2, 0.6))
