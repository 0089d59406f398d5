"""A person's day in CVAT, from opening the browser to the last batch."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from orchestration.demo.browser import Tab, flush, log
from orchestration.demo.desk import Desk, save, spend
from orchestration.demo.labelling import annotate_frame, fix_issue, start_annotating
from orchestration.demo.people import Person
from orchestration.demo.reviewing import accept_job, review_frames, start_reviewing
from orchestration.demo.server import open_task
from orchestration.demo.timeline import delivery_day
from orchestration.demo.workflow import ORGANIZATIONS, Board, Job, next_work
from orchestration.demo.writers import Outbox

STEPS = {
    "annotate": (start_annotating, annotate_frame),
    "fix": (start_annotating, fix_issue),
    "review": (start_reviewing, review_frames),
    "accept": (start_reviewing, accept_job),
}
SYSTEMS = ("Windows", "Windows", "Linux", "Mac OS")
BROWSERS = (
    ("Chrome", "129.0.0"),
    ("Chrome", "130.0.0"),
    ("Firefox", "131.0"),
    ("Chrome", "129.0.0"),
    ("Microsoft Edge", "129.0.0"),
)
"""Browsers and their versions: everyone keeps to one."""


def work_day(
    outbox: Outbox,
    rng: Random,
    board: Board,
    person: Person,
    lead: Person,
    times: list[tuple[int, int]],
    *,
    day: int,
    pace: float,
    alone: bool,
    is_enough: Callable[[], bool],
) -> None:
    """Let a person work through the given [start, end) times.

    `is_enough()` ends the day early. What a late laptop sends is delivered days later.
    """
    late_day = delivery_day(outbox.timeline, day) if person.has_late_laptop else day
    tab = open_tab(outbox, rng, person, times[0][0], late_day if late_day > day else 0)
    desk = Desk(rng, person, tab, board, outbox, pace, tab.late_day, alone)
    opened: tuple[str, Job] | None = None
    second_tab_in = rng.randrange(len(times)) if person.has_two_tabs else -1
    for index, (start, end) in enumerate(times):
        now = start
        while now < end and not is_enough():
            found = _find_work(desk, lead, now)
            begin, step = STEPS[found[0]]
            if found != opened:
                opened = found
                now = begin(desk, found[1], now)
            now = step(desk, found[1], now)
            if person.number not in board.doing:
                opened = None
                now += rng.randint(5_000, 40_000)
        if opened and any(desk.unsaved.values()):
            save(desk, opened[1], now)
        if index == second_tab_in and end - start > 2_400_000 and rng.random() < 0.7:
            _look_aside(outbox, rng, board, person, start, end, tab.late_day)
        # The last batch of the stretch leaves at the next tick, as the tab stays open.
        flush(tab)
        if is_enough():
            break


def open_tab(outbox: Outbox, rng: Random, person: Person, now: int, late_day: int) -> Tab:
    """Open CVAT in a new tab; its clock is up to three seconds off, for the whole session."""
    browser, version = BROWSERS[person.number % len(BROWSERS)]
    tab = Tab(
        person=person,
        client_id=f"{(now + rng.randrange(60_000)) % 1_000_000:06d}",
        skew_ms=rng.randint(-3_000, 3_000),
        next_flush=now + 90_000,
        org=ORGANIZATIONS[person.home],
        rng=rng,
        outbox=outbox,
        late_day=late_day,
    )
    log(
        tab,
        now + rng.randint(400, 2_500),
        "load:cvat",
        started=now,
        location="/tasks",
        platform={"name": browser, "version": version, "os": rng.choice(SYSTEMS)},
    )
    return tab


def _find_work(desk: Desk, lead: Person, now: int) -> tuple[str, Job]:
    found = next_work(desk.board, desk.person, now, alone=desk.alone)
    while found is None:
        org = ORGANIZATIONS[desk.person.home]
        open_task(desk.outbox, desk.rng, desk.board, lead, now - 400_000, org)
        found = next_work(desk.board, desk.person, now, alone=desk.alone)
    return found


def _look_aside(
    outbox: Outbox,
    rng: Random,
    board: Board,
    person: Person,
    start: int,
    end: int,
    late_day: int,
) -> None:
    # A second tab with another job, for comparison, while the first one goes on.
    tab = open_tab(outbox, rng, person, rng.randint(start, end - 2_000_000), late_day)
    now = tab.next_flush - 80_000
    job = rng.choice(board.jobs[-12:])
    tab.org = job.project.org
    desk = Desk(rng, person, tab, board, outbox, 1.0, late_day, alone=False)
    until = now + rng.randint(900_000, 1_900_000)
    while now < until:
        tab.is_active = rng.random() < 0.6
        now = spend(desk, job, now, rng.uniform(20, 70))
        took = rng.randint(300, 1_500)
        frames = (desk.frame, desk.frame + 1)
        log(
            tab,
            now + took,
            "change:frame",
            job.owner,
            started=now,
            duration=took,
            **{"from": frames[0], "to": frames[1], "step": 1},
        )
        desk.frame += 1
        now += took
    flush(tab)
