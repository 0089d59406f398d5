"""The law: any sequence of loads ends in exactly the tables that one full rebuild gives.

A case is an island of rows, cut into files and loads; several of them share a warehouse.
LAW_CASES says how many to try (20), LAW_ISLANDS how many of them share a warehouse (10), LAW_SEED
where to begin (0), LAW_MINIMAL_S how long to look for small cases where some fail (300 s in all).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import Any

import pytest

from tests.law.conftest import TRIED
from tests.law.lives import World
from tests.law.logs import Case, case
from tests.law.minimal import ALL_ROWS, smallest, told
from tests.law.warehouses import foundry

CASES = int(os.environ.get("LAW_CASES", "20"))
SEED = int(os.environ.get("LAW_SEED", "0"))
ISLANDS = int(os.environ.get("LAW_ISLANDS", "10"))
SEEDS = range(SEED, SEED + CASES)
WAREHOUSES = [SEEDS[at : at + ISLANDS] for at in range(0, CASES, ISLANDS)]

SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    {"reporting_timezone": "Asia/Kolkata", "client_batches_are_events": True},
    {},
    {"reporting_timezone": "America/Sao_Paulo"},
    {"client_batches_are_events": True},
)
"""The variables of one warehouse after the other."""

WATCHED = 5
"""One warehouse of so many is compared after every load."""

MINIMAL_S = float(os.environ.get("LAW_MINIMAL_S", "300"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> World:
    folder = tmp_path_factory.mktemp("law")
    made = World(foundry(folder / "foundry"), folder)
    made.counts = request.config.stash.setdefault(TRIED, Counter())
    return made


@pytest.mark.parametrize("seeds", WAREHOUSES, ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_loads_end_in_what_one_full_rebuild_gives(world: World, seeds: range) -> None:
    turn = seeds.start // ISLANDS
    tried = case(seeds, SETTINGS[turn % len(SETTINGS)], is_watched=turn % WATCHED == WATCHED - 1)
    found = world.breaches(tried, ALL_ROWS)
    world.counts["cases"] += len(tried.islands)
    if found:
        pytest.fail(_small(world, tried, found), pytrace=False)


def _small(world: World, tried: Case, found: list[str]) -> str:
    """Return a small case that fails, as text."""
    seconds = MINIMAL_S - world.counts["seconds of making failures small"]
    started = time.monotonic()
    small = smallest(tried, found, world.breaches, seconds)
    world.counts["seconds of making failures small"] += round(time.monotonic() - started)
    return told(small, world.breaches(small))
