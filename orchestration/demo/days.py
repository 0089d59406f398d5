"""One day of each platform: enough people come to make the rows that the log is to have by then."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from orchestration.demo.cvat import work_day
from orchestration.demo.people import Person, make_people
from orchestration.demo.platform import Studio, platform_day
from orchestration.demo.server import found_house, open_task
from orchestration.demo.services import Machines, pod_samples, training_samples
from orchestration.demo.shifts import call_to_work, make_absences, quota, roster, segments
from orchestration.demo.timeline import DAY_MS, HOUR_MS, Timeline, busyness, date_of
from orchestration.demo.truth import Truth
from orchestration.demo.workflow import ORGANIZATIONS, Board
from orchestration.demo.writers import Outbox, copies

ROWS_A_DAY = 650.0
SAMPLES_A_DAY = 320.0
TRUST = 3.0
"""How many days the guesses above weigh against what was seen."""

OVERSHOOT = 1.02
SAMPLING_INTERVALS_S = (60, 120, 300, 600, 900, 1800, 3600)
POD_HOURS_A_DAY = 16.0
POD_SHARE = 0.4


@dataclass
class Crew:
    """The people of one platform, the rows owed by the end of each day, and the rate seen."""

    rng: Random
    people: list[Person]
    absences: set[tuple[int, int]]
    goal: dict[int, float]
    guess: float
    days: float = 0.0  # full days of one person
    rows: float = 0.0  # rows made in them
    worked: Counter[int] = field(default_factory=Counter)  # days, by the person's number


def full_day(crew: Crew) -> float:
    """Return how many rows one person makes on a full day."""
    return (crew.guess * TRUST + crew.rows) / (TRUST + crew.days)


def cvat_crew(timeline: Timeline, rows: int, users: int, seed: int) -> Crew:
    """Hire the people of CVAT; `rows` counts what both platforms write together."""
    rng = Random(f"{seed}/cvat")
    people = make_people(rng, users, "annotators.example")
    absences = make_absences(rng, people, timeline)
    goal = quota(timeline, rows, lambda day: copies(timeline, day))
    return Crew(rng, people, absences, goal, ROWS_A_DAY)


def platform_crew(timeline: Timeline, rows: int, users: int, seed: int) -> Crew:
    """Hire the platform's people, a few for the many of CVAT."""
    rng = Random(f"{seed}/platform")
    people = make_people(rng, max(3, users // 6), "studio.example")
    absences = make_absences(rng, people, timeline)
    return Crew(rng, people, absences, quota(timeline, rows, lambda day: 1), SAMPLES_A_DAY)


def open_studio(crew: Crew, timeline: Timeline, truth: Truth) -> Studio:
    """Set up the platform's project; its pods are sampled as often as the log's size allows."""
    a_day = crew.goal[timeline.last] / (timeline.last - timeline.first + 1)
    interval = next(
        (s for s in SAMPLING_INTERVALS_S if POD_HOURS_A_DAY * 3600 / s < POD_SHARE * a_day),
        SAMPLING_INTERVALS_S[-1],
    )
    ids = {"projectOrgId": "org-brightline", "accountId": "acc-01", "projectId": "prj-streets"}
    machines = Machines(crew.rng, ids, interval * 1000, max(2, len(crew.people) // 2))
    return Studio(crew.rng, truth, machines, {**ids, "ontologyId": "onto-streets"})


def run_cvat_day(outbox: Outbox, crew: Crew, board: Board, day: int) -> None:
    """Let CVAT's people work until the day's goal is reached."""
    rng, timeline, goal = crew.rng, outbox.timeline, crew.goal[day]
    if day == timeline.first:
        found_house(outbox, rng, crew.people[0], day * DAY_MS + HOUR_MS)
    _stock_up(outbox, crew, board, day)
    alone = sum(person.is_reviewer for person in crew.people) == 1
    times_written = copies(timeline, day)

    def work(person: Person, share: float, pace: float) -> None:
        before = outbox.handed_over
        work_day(
            outbox,
            rng,
            board,
            person,
            crew.people[0],
            segments(rng, person, day, share),
            day=day,
            pace=pace,
            alone=alone,
            is_enough=lambda: outbox.handed_over > goal * OVERSHOOT,
        )
        crew.rows += (outbox.handed_over - before) / times_written
        crew.days += share * pace
        crew.worked[person.number] += 1

    call_to_work(
        rng,
        roster(crew.people, crew.absences, crew.worked, timeline, day),
        day=day,
        is_last=day == timeline.last,
        missing=lambda: (goal - outbox.handed_over) / times_written,
        full_day=lambda: full_day(crew),
        work=work,
    )


def run_platform_day(
    timeline: Timeline, crew: Crew, studio: Studio, day: int, written: int
) -> list[dict]:
    """Let the platform's people work; return the day's samples in time order.

    `written` is how many samples the days before have made.
    """
    samples: list[dict] = []

    def work(person: Person, share: float, pace: float) -> None:
        before = len(samples)
        samples.extend(platform_day(studio, person, segments(crew.rng, person, day, share), pace))
        crew.rows += len(samples) - before
        crew.days += share * pace
        crew.worked[person.number] += 1

    everybody = roster(crew.people, crew.absences, crew.worked, timeline, day)
    call_to_work(
        crew.rng,
        [person for person in everybody if not person.works_at_night],
        day=day,
        is_last=day == timeline.last,
        missing=lambda: crew.goal[day] - written - len(samples),
        full_day=lambda: full_day(crew),
        work=work,
    )
    samples += pod_samples(studio.machines, day, samples)
    if samples and date_of(day).weekday() in (1, 4):
        samples += training_samples(studio.machines, day)
    samples.sort(key=lambda item: item["startTime"])
    return samples


def _stock_up(outbox: Outbox, crew: Crew, board: Board, day: int) -> None:
    # The lead looks in the morning whether there is work enough for the day.
    if busyness(day) < 0.5:
        return
    for index, org in enumerate(ORGANIZATIONS):
        hands = sum(person.home == index for person in crew.people)
        now = day * DAY_MS + int(crew.rng.uniform(2.2, 3.0) * HOUR_MS)
        while sum(job.project.org == org for job in board.queues["annotate"]) < 2 + hands // 2:
            open_task(outbox, crew.rng, board, crew.people[0], now, org)
            now += crew.rng.randint(60_000, 300_000)
