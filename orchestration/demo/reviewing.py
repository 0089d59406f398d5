"""A reviewer at work: looks through a job, raises issues, sends it back or lets it pass."""

from __future__ import annotations

from orchestration.demo.browser import log
from orchestration.demo.desk import Desk, go_to_frame, open_job, save, spend, wander
from orchestration.demo.server import change_issue, record, update_job
from orchestration.demo.workflow import Issue, Job, hand_over

TOLERATED_ISSUES = 1
LAST_ROUND = 4


def start_reviewing(desk: Desk, job: Job, now: int) -> int:
    """Take a job in validation or acceptance and open it; return the time when it is there."""
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
    return open_job(desk, job, now + 2_000)


def review_frames(desk: Desk, job: Job, now: int) -> int:
    """Look at the next few frames; return the time when they are seen, or the job decided."""
    rng = desk.rng
    seen = min(job.stop, job.next_frame + rng.randint(0, 3))
    now = go_to_frame(desk, job, wander(desk, now), seen, rng.randint(250, 1_400) * 2)
    now = spend(desk, job, now, rng.uniform(20, 80))
    if rng.random() < 0.3:
        log(desk.tab, now, "zoom:image", job.owner)
    error_rate = job.annotator.error_rate if job.annotator else 0.0
    frames = range(job.next_frame, seen + 1)
    if job.round == 1:
        for frame in frames:
            if rng.random() < error_rate:
                now = _raise_issue(desk, job, now, frame)
    else:
        now = _check_again(desk, job, now, frames)
    job.next_frame = seen + 1
    job.touched_at = now
    return _decide(desk, job, now) if job.next_frame > job.stop else now


def accept_job(desk: Desk, job: Job, now: int) -> int:
    """Sample an approved job and accept it; return the time when that is done."""
    rng = desk.rng
    for _ in range(rng.randint(3, 6)):
        frame = rng.randint(job.start, job.stop)
        now = go_to_frame(desk, job, now, frame, rng.randint(300, 1_500))
        now = spend(desk, job, now, rng.uniform(10, 35))
    if rng.random() < 0.05 and job.round < LAST_ROUND:
        now = _raise_issue(desk, job, now, frame)
    if any(issue.is_open for issue in job.issues):
        return _reject(desk, job, now)
    update_job(desk.outbox, rng, desk.person, job, now, desk.late_day, state="completed")
    del desk.board.doing[desk.person.number]
    siblings = [other for other in desk.board.jobs if other.task_id == job.task_id]
    if all((other.stage, other.state) == ("acceptance", "completed") for other in siblings):
        record(
            desk.outbox,
            rng,
            desk.person,
            (now + 20_000) * 1000,
            "export:dataset",
            (None, job.task_id, job.project.project_id),
            job.project.org,
            late_day=desk.late_day,
            format="COCO 1.0",
            save_images=False,
        )
    return now + 3_000


def _raise_issue(desk: Desk, job: Job, now: int, frame: int) -> int:
    now = spend(desk, job, now, desk.rng.uniform(8, 30))
    desk.board.issue_count += 1
    issue = Issue(desk.board.issue_count, frame)
    job.issues.append(issue)
    args = (desk.outbox, desk.rng, desk.person, job, issue)
    change_issue(*args, "create", now, desk.late_day)
    change_issue(*args, "comment", now + 40, desk.late_day)
    if desk.rng.random() < 0.03:
        change_issue(*args, "delete", now + 15_000, desk.late_day)
        job.issues.remove(issue)
    return now + 500


def _check_again(desk: Desk, job: Job, now: int, frames: range) -> int:
    for issue in job.issues:
        if issue.frame in frames and job.round < LAST_ROUND and desk.rng.random() < 0.14:
            now = spend(desk, job, now, desk.rng.uniform(6, 20))
            args = (desk.outbox, desk.rng, desk.person, job, issue)
            change_issue(*args, "reopen", now, desk.late_day)
    return now


def _decide(desk: Desk, job: Job, now: int) -> int:
    issues = [issue for issue in job.issues if issue.is_open]
    if len(issues) > TOLERATED_ISSUES or (issues and job.round > 1):
        return _reject(desk, job, now)
    args = (desk.outbox, desk.rng, desk.person, job)
    for issue in issues:
        # What is small enough the reviewer mends on the spot.
        now = go_to_frame(desk, job, now, issue.frame, 600)
        now = save(desk, job, spend(desk, job, now, desk.rng.uniform(8, 25)))
        change_issue(*args, issue, "resolve", now, desk.late_day)
    update_job(*args, now + 1_000, desk.late_day, stage="acceptance", state="new")
    hand_over(desk.board, desk.person, "accept", job, now + 1_500)
    return now + 2_000


def _reject(desk: Desk, job: Job, now: int) -> int:
    job.round += 1
    update_job(
        desk.outbox,
        desk.rng,
        desk.person,
        job,
        now + 1_000,
        desk.late_day,
        stage="annotation",
        state="rejected",
        assignee=job.annotator.number if job.annotator else None,
    )
    hand_over(desk.board, desk.person, "fix", job, now + 1_500)
    return now + 2_000
