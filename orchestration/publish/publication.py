"""Which build the readers see: the one row of quality.publication in the published file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.errors import WarehouseError
from orchestration.home import Home


@dataclass(frozen=True)
class Publication:
    """One published state. Times are UTC without a zone."""

    build_id: str
    published_at: datetime
    data_through: datetime | None
    """Time of the latest event in it."""
    rolled_back_from: str | None = None
    """The build that readers had before an older one was given to them again."""

    @property
    def extent(self) -> str:
        """Up to when there is data in it, in words."""
        return f"data through {self.data_through} UTC" if self.data_through else "no event yet"


def read_publication(home: Home) -> Publication | None:
    """Return what is published, None where nothing is.

    Raises WarehouseError where the file cannot be read: another process has it open for writing,
    or it is no published warehouse.
    """
    return read_state(home.published_file) if home.published_file.exists() else None


def file_to_read(home: Home, is_build: bool = False) -> Path:
    """Return the published file, or the build file. Raises WarehouseError where there is none."""
    file = home.build_file if is_build else home.published_file
    if not file.exists():
        command = "build" if is_build else "publish"
        raise WarehouseError(f"There is no {file}. Run: warehouse {command}")
    return file


def readable(home: Home) -> Publication | None:
    """Return what is published; a file that cannot be read counts as none, it will be replaced."""
    try:
        return read_publication(home)
    except WarehouseError:
        return None


def read_state(file: Path) -> Publication:
    """Return which build a published or kept file holds. Raises WarehouseError as above."""
    import duckdb

    try:
        with duckdb.connect(str(file), read_only=True) as reader:
            rows = reader.execute("from quality.publication")
            names = [column[0] for column in rows.description]
            row = rows.fetchone()
    except duckdb.Error as error:
        line = str(error).splitlines()[0]
        raise WarehouseError(f"{file} cannot be read: {line}") from error
    if row is None:
        raise WarehouseError(f"{file} does not say which build it holds")
    said = dict(zip(names, row, strict=True))
    return Publication(
        said["build_id"],
        said["published_at"],
        said["data_through"],
        said.get("rolled_back_from"),
    )
