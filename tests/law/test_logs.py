"""Whether the random logs hold what can break the law."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.landing import land
from orchestration.landing.platform_samples import ACTIONS
from tests.law.cvat import DRAWING, SAVES
from tests.law.files import write_files
from tests.law.logs import ENDS, EVENTS, FORMATS, SAMPLES, Case, Island, case, drawn, load_plans
from tests.law.minimal import renumbered
from tests.law.times import DAY

SEEDS = range(100)


@pytest.fixture(scope="module")
def hundred() -> Case:
    """What five default runs try."""
    return case(SEEDS, {})


def times(island: Island) -> set[int]:
    """Return when rows of CVAT's log happened, in ms."""
    stamps = (row.record["timestamp"] for row in island.rows if row.source == EVENTS)
    return {stamp for stamp in stamps if isinstance(stamp, int) and stamp > 0}


def test_a_seed_gives_the_same_case_always(hundred: Case) -> None:
    again = case(SEEDS[:3], {})
    assert again.islands == hundred.islands[:3]
    assert again.loads == hundred.loads


def test_every_kind_of_event_occurs(hundred: Case) -> None:
    rows = [row for island in hundred.islands for row in island.rows]
    scopes = Counter(row.record["scope"] for row in rows if row.source == EVENTS)
    kinds = Counter(row.record["eventType"] for row in rows if row.source == SAMPLES)
    assert set(ACTIONS) <= set(kinds)
    assert {*DRAWING, *SAVES, "send:working_time", "call:function", "create:issue"} <= set(scopes)
    assert sum(row.is_bad for row in rows) >= 10
    assert sum("working_time" in (row.record.get("payload") or "") for row in rows) >= 40


def test_islands_are_small_and_spread_over_days(hundred: Case) -> None:
    sizes = [len(island.rows) for island in hundred.islands]
    assert max(sizes) <= 60
    assert sum(sizes) / len(sizes) >= 12
    days = [{at // DAY for at in times(island)} for island in hundred.islands]
    assert sum(len(busy) > 1 for busy in days) >= 30
    night = [at % DAY for island in hundred.islands for at in times(island)]
    assert sum(at < 60_000 or at > DAY - 60_000 for at in night) >= 30


def test_rows_stand_in_several_files_and_twice_in_one(hundred: Case) -> None:
    places = [row.places for island in hundred.islands for row in island.rows]
    assert sum(len(set(some)) > 1 for some in places) >= 50
    assert sum(len(set(some)) < len(some) for some in places) >= 20


def test_loads_come_in_every_form() -> None:
    plans = [drawn(load_plans(), seed) for seed in range(40)]
    loads = [load for plan in plans for load in plan]
    assert {len(plan) for plan in plans} == {2, 3, 4}
    for source, forms in FORMATS.items():
        assert {form for load in loads for form in load.formats[source]} == set(forms)
    assert any(load.again for load in loads)
    assert any(load.is_built_twice for load in loads)
    assert {load.breaks[1] for load in loads if load.breaks} == set(ENDS)


def test_every_file_lands_and_bad_rows_go_to_quarantine(hundred: Case, tmp_path: Path) -> None:
    files = write_files(hundred, tmp_path / "files")
    outcomes = land(list(files.values()), Home(tmp_path / "home"))
    assert {outcome.status for outcome in outcomes} == {"landed"}
    rows = [row for island in hundred.islands for row in island.rows]
    assert sum(outcome.landed for outcome in outcomes) == sum(len(row.places) for row in rows)
    bad = sum(len(row.places) for row in rows if row.is_bad)
    assert sum(outcome.quarantined for outcome in outcomes) == bad


def test_an_island_can_take_the_ids_of_another_number(hundred: Case) -> None:
    for island in hundred.islands[:10]:
        other = renumbered(island, 700)
        assert island.mark not in str(other.rows).replace(str(island.number), "")
        assert renumbered(other, island.number).rows == island.rows
        assert len(other.rows) == len(island.rows)
