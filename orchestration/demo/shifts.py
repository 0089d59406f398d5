"""Who works on a day, how long, and when: shifts, breaks, lunch, absences.

The size of a log is met here. A day has a number of rows to reach; people come to work until it
is reached: whole days where there is enough to do, busier ones when all are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

from orchestration.demo.people import Person
from orchestration.demo.timeline import DAY_MS, HOUR_MS, Timeline, busyness, date_of

MINUTE_MS = 60_000
CORE_TEAM = 4
TURN = 3
SHORTEST_DAY = 0.6
BUSIEST_PACE = 8.0


def segments(rng: Random, person: Person, day: int, share: float) -> list[tuple[int, int]]:
    """Return the [start, end) times at the desk on one day, in epoch ms.

    `share` 1 is a full day, some 6.7 hours at the desk; less goes home earlier.
    """
    left = int(share * rng.uniform(6.2, 7.2) * HOUR_MS)
    now = day * DAY_MS + int((person.start_hour + rng.uniform(-0.15, 0.35)) * HOUR_MS)
    pieces = []
    for pause in (
        rng.uniform(9, 18),
        rng.uniform(32, 65),  # lunch
        rng.uniform(8, 20),
        0.0,
    ):
        piece = left if not pause else min(left, int(rng.uniform(1.5, 2.1) * HOUR_MS))
        if piece > 0:
            pieces.append((now, now + piece))
        left -= piece
        now += piece + int(pause * MINUTE_MS)
    return pieces


def make_absences(
    rng: Random, people: Iterable[Person], timeline: Timeline
) -> set[tuple[int, int]]:
    """Return (person's number, day) of every sick day and holiday."""
    absent = set()
    for person in people:
        for day in range(timeline.first, timeline.last + 1):
            if rng.random() < 0.015:
                absent.add((person.number, day))
        if rng.random() < 0.35:
            start = rng.randint(timeline.first, timeline.last)
            absent.update((person.number, start + n) for n in range(rng.choice((3, 5, 12))))
    return absent


def roster(
    people: Sequence[Person],
    absences: set[tuple[int, int]],
    worked: Mapping[int, int],
    timeline: Timeline,
    day: int,
) -> list[Person]:
    """Return who can work on a day, in the order in which they are called.

    The core team comes first, three days a week and more if there is need; the others take turns
    of three days (`worked` has the days of each so far). Nobody works over midnight into the
    server's upgrade or out of the log.
    """
    weekday = date_of(day).weekday()
    core = people[:CORE_TEAM]
    pool = sorted(people[CORE_TEAM:], key=lambda person: worked.get(person.number, 0) // TURN)
    free = [person for person in core if weekday in (person.number % 5, (person.number + 2) % 5)]
    core = [person for person in core if person not in free]
    quiet_night = day in (timeline.upgrade - 1, timeline.last)
    return [
        person
        for person in core + pool + free
        if (person.number, day) not in absences and not (person.works_at_night and quiet_night)
    ]


def call_to_work(
    rng: Random,
    candidates: Sequence[Person],
    *,
    day: int,
    is_last: bool,
    missing: Callable[[], float],
    full_day: Callable[[], float],
    work: Callable[[Person, float, float], None],
) -> None:
    """Let people work until the day's rows are there.

    `missing()` is how many rows are still to come, `full_day()` how many one person makes on a
    full day; `work(person, share, pace)` does it. A remainder too small for a believable day is
    left to the next day, except on the last.
    """
    least = 0.12 if is_last else SHORTEST_DAY
    for index, person in enumerate(candidates):
        ratio = missing() / full_day()
        if ratio < least:
            break
        hands = max(1, min(len(candidates) - index, round(ratio)))
        effort = ratio / hands
        work(person, min(1.0, effort), min(BUSIEST_PACE, max(1.0, effort)))
    else:
        return  # everybody is at work already
    # Now and then somebody who was not called comes in for a few hours on a weekend.
    if date_of(day).weekday() >= 5 and not is_last and rng.random() < 0.08:
        work(rng.choice(candidates[index:]), rng.uniform(0.25, 0.5), 1.0)


def quota(timeline: Timeline, rows: int, copies: Callable[[int], float]) -> dict[int, float]:
    """Return how many of `rows` rows are to be there at the end of each day.

    `copies(day)` is how often a day's rows are written (overlapping files write some twice).
    """
    days = range(timeline.first, timeline.last + 1)
    weights = {day: busyness(day) * copies(day) for day in days}
    total, sum_so_far, result = sum(weights.values()), 0.0, {}
    for day in days:
        sum_so_far += weights[day]
        result[day] = rows * sum_so_far / total
    return result
