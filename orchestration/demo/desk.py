"""What everybody does at a desk, whatever the job: look, think, turn a page, save."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from orchestration.demo.browser import Tab, log
from orchestration.demo.people import Person
from orchestration.demo.server import change_annotations
from orchestration.demo.timeline import DAY_MS
from orchestration.demo.workflow import Board, Job
from orchestration.demo.writers import Outbox

SAVE_MS = 420_000
UNDO_SHARE = 0.04


@dataclass
class Desk:
    """A person at work on one day. `pace` 2 does in one hour what 1 does in two."""

    rng: Random
    person: Person
    tab: Tab
    board: Board
    outbox: Outbox
    pace: float
    late_day: int
    alone: bool
    unsaved: dict[str, list[int]] = field(
        default_factory=lambda: {"create": [], "update": [], "delete": []}
    )
    saved_at: int = 0
    frame: int = 0


def spend(desk: Desk, job: Job, now: int, seconds: float) -> int:
    """Let time pass with eyes and mouse on the job; return the new time (epoch ms)."""
    until = now + int(1000 * min(240.0, max(1.5, seconds * desk.person.slowness / desk.pace)))
    at = now + desk.rng.randint(45_000, 60_000)
    if now // DAY_MS < desk.outbox.timeline.upgrade:
        if at < until and desk.rng.random() < 0.8:
            log(desk.tab, at, "zoom:image", job.owner)
        return until
    # Newer clients notice a mouse that moves without doing anything.
    while at < until - 5_000:
        if desk.rng.random() < 0.85:
            log(desk.tab, at, "user:activity", job.owner)
        at += desk.rng.randint(35_000, 60_000)
    return until


def wander(desk: Desk, now: int) -> int:
    """Sometimes look away for a while (a call, a colleague); return the new time."""
    if desk.rng.random() < 0.03 / desk.pace:
        return now + desk.rng.randint(105_000, 480_000)
    return now


def open_job(desk: Desk, job: Job, now: int) -> int:
    """Load a job into the tab; return the time when it is there."""
    desk.tab.org = job.project.org
    took = desk.rng.randint(700, 4_500)
    log(desk.tab, now + took, "load:job", job.owner, started=now, duration=took)
    desk.saved_at = now
    desk.frame = job.next_frame
    return now + took


def go_to_frame(desk: Desk, job: Job, now: int, frame: int, took: int) -> int:
    """Change the frame, which takes `took` ms; return the time when it shows."""
    if frame == desk.frame:
        return now
    now += desk.rng.randint(300, 1_500)
    if took > 900 and desk.rng.random() < 0.35:
        # Logged while the frame still loads, so sent before the change that began earlier.
        log(desk.tab, now + took // 2, "zoom:image", job.owner)
    log(
        desk.tab,
        now + took,
        "change:frame",
        job.owner,
        started=now,
        count=abs(frame - desk.frame),
        duration=took,
        **{"from": desk.frame, "to": frame, "step": 1 if frame >= desk.frame else -1},
    )
    desk.frame = frame
    return now + took


def edit(desk: Desk, job: Job, now: int) -> int:
    """Move or resize an object; return the time when it is done."""
    now = spend(desk, job, now, desk.rng.uniform(5, 22))
    scope = desk.rng.choice(("drag:object", "resize:object"))
    log(desk.tab, now, scope, job.owner, duration=desk.rng.randint(900, 5_000))
    if job.objects:
        desk.unsaved["update"].append(desk.rng.choice(job.objects[-40:]))
    if desk.rng.random() < UNDO_SHARE:
        now = spend(desk, job, now, 4)
        log(desk.tab, now, "action:undo", job.owner)
    return now


def remove(desk: Desk, job: Job, now: int) -> int:
    """Delete an object; return the time when it is done."""
    now = spend(desk, job, now, desk.rng.uniform(4, 14))
    if job.objects:
        log(desk.tab, now, "delete:object", job.owner, duration=desk.rng.randint(300, 1_200))
        desk.unsaved["delete"].append(job.objects.pop(desk.rng.randrange(len(job.objects))))
    return now


def save(desk: Desk, job: Job, now: int) -> int:
    """Save the job; return the time when the server has answered."""
    took = desk.rng.randint(350, 1_600)
    log(desk.tab, now + took, "save:job", job.owner, started=now, duration=took)
    gone = set(desk.unsaved["delete"])
    fresh = set(desk.unsaved["create"])
    changes = {
        "create": desk.unsaved["create"],
        "update": sorted(set(desk.unsaved["update"]) - gone - fresh),
        # An object that was never saved needs no deletion on the server.
        "delete": sorted(gone - fresh),
    }
    changes["create"] = [number for number in changes["create"] if number not in gone]
    for index, (action, ids) in enumerate(changes.items()):
        if ids:
            at = now + took * (index + 1) // 4
            change_annotations(
                desk.outbox, desk.rng, desk.person, job, action, ids, at, desk.late_day
            )
    desk.unsaved = {"create": [], "update": [], "delete": []}
    desk.saved_at = now
    return now + took
