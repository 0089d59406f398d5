"""Let a case happen: its loads one after the other, and all of its files at once."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.home import Home
from orchestration.landing import land, loads
from tests.law.compare import SHOWN, differences
from tests.law.files import write_files
from tests.law.logs import Case, FileKey
from tests.law.warehouses import Foundry, build, build_that_breaks_off, new_home


@dataclass
class World:
    """Where cases happen."""

    foundry: Foundry
    folder: Path
    counts: Counter[str] = field(default_factory=Counter)
    """Kind of build -> how many there were."""

    def breaches(self, case: Case, shown: int = SHOWN, only: str | None = None) -> list[str]:
        """Return where the case ends in other tables than one full rebuild; empty if nowhere.

        `only` names the one relation to build and compare, such as `core.fct_events`.
        """
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        try:
            return _Life(self, case, folder, shown, only).breaches()
        finally:
            shutil.rmtree(folder)


@dataclass(frozen=True)
class _Life:
    """One case while it happens."""

    world: World
    case: Case
    folder: Path
    shown: int
    only: str | None

    def breaches(self) -> list[str]:
        files = write_files(self.case, self.folder / "files")
        home = self._home("home")
        for number in range(len(self.case.loads)):
            self._load(number, files, home)
            if self.case.is_watched and loads(home):
                rebuilt = self._home(f"watched-{number}")
                shutil.copytree(home.lake, rebuilt.lake, dirs_exist_ok=True)
                if found := self._compared(home, rebuilt):
                    return [f"after load {number}:", *found]
        whole = self._home("whole")
        _land(list(files.values()), whole)
        return self._compared(home, whole)

    def _home(self, name: str) -> Home:
        return new_home(self.world.foundry, self.folder / name, self.case.variables)

    def _load(self, number: int, files: dict[FileKey, Path], home: Home) -> None:
        """Land the files of one load and build."""
        load = self.case.loads[number]
        _land([files[key] for key in files if key[0] == number or key in load.again], home)
        if not loads(home):
            return
        if load.breaks:
            build_that_breaks_off(self.world.foundry, home, self.case.variables, *load.breaks)
            self.world.counts["builds broken off"] += 1
        for _ in range(1 + load.is_built_twice):
            self._build(home, "builds")

    def _compared(self, home: Home, rebuilt: Home) -> list[str]:
        """Build the other home from nothing and return where the two differ."""
        self._build(rebuilt, "full rebuilds", full_refresh=True)
        return differences(home.build_file, rebuilt.build_file, shown=self.shown, only=self.only)

    def _build(self, home: Home, kind: str, *, full_refresh: bool = False) -> None:
        self.world.counts[kind] += 1
        model = self.only.partition(".")[2] if self.only else None
        build(self.world.foundry, home, self.case.variables, full_refresh=full_refresh, up_to=model)


def _land(paths: Sequence[Path], home: Home) -> None:
    """Land files, none of which may be refused."""
    known = ("landed", "already landed")
    refused = [str(outcome) for outcome in land(paths, home) if outcome.status not in known]
    assert not refused, "\n".join(refused)
