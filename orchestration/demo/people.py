"""Who works in the demo: believable people, each with a pace, a shift and habits of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

FIRST_NAMES = (
    "Amara Bruno Chiara Dmitri Elif Farid Grace Hugo Ines Jonas Katya Liam Mei Nadia Omar Priya "
    "Quentin Rosa Samir Tara Uma Viktor Wanda Xin Yusuf Zoe Anders Beatriz Carlos Daria Emeka "
    "Freya Goran Hana Ivan Julia Kofi Lucia Marek Noor"
)
LAST_NAMES = (
    "Abebe Berg Costa Duarte Eriksen Ferrari Gomez Haddad Ivanova Jensen Kowalski Larsen Mensah "
    "Novak Okafor Patel Quinn Rossi Silva Tanaka Ueda Varga Weber Xu Yilmaz Zhang Almeida Bianchi "
    "Chen Dubois Endo Fischer Garcia Hoffmann Ito Janssen Kaur Lindqvist Moreau Nakamura"
)
DAY_SHIFTS = (3.5, 6.5, 7.0, 7.0, 7.5, 8.0, 8.5, 9.0)
NIGHT_SHIFT = 20.0


@dataclass(frozen=True)
class Person:
    """Somebody who works. Hours are UTC; `slowness` 1 is average, 2 takes twice the time."""

    number: int  # from 1: CVAT's user_id
    user_name: str
    email: str
    home: int  # index of the organization that most of the work is for
    is_reviewer: bool
    slowness: float
    error_rate: float  # issues per reviewed frame
    start_hour: float
    has_two_tabs: bool
    has_late_laptop: bool

    @property
    def works_at_night(self) -> bool:
        """Whether the shift runs over midnight (UTC)."""
        return self.start_hour >= NIGHT_SHIFT


def make_people(rng: Random, count: int, domain: str) -> list[Person]:
    """Invent `count` people with distinct names.

    The first is the lead, who reviews; every fifth reviews; habits go by number, so that a team
    of four already shows all of them.
    """
    names = _user_names(rng)
    people = []
    for index in range(count):
        user_name = next(names)
        people.append(
            Person(
                number=index + 1,
                user_name=user_name,
                email=f"{user_name}@{domain}",
                home=1 if index % 3 == 2 else 0,
                is_reviewer=index % 5 == 0,
                slowness=min(1.8, max(0.6, rng.lognormvariate(0.0, 0.28))),
                error_rate=rng.uniform(0.005, 0.05),
                start_hour=NIGHT_SHIFT if index % 9 == 3 else rng.choice(DAY_SHIFTS),
                has_two_tabs=index % 4 == 1,
                has_late_laptop=index % 12 == 2,
            )
        )
    return people


def _user_names(rng: Random) -> Iterator[str]:
    pairs = [(first, last) for first in FIRST_NAMES.split() for last in LAST_NAMES.split()]
    rng.shuffle(pairs)
    turn = 1
    while True:
        for first, last in pairs:
            yield f"{first}.{last}".lower() + (str(turn) if turn > 1 else "")
        turn += 1
