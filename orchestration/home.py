"""Where a warehouse lives on disk: every path under WAREHOUSE_HOME has its name here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
"""The dbt project: the folder of dbt_project.yml."""


@dataclass(frozen=True)
class Home:
    """The folder of one warehouse. Nothing is created by naming a path."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """Return the home that WAREHOUSE_HOME names, `./data` where it is not set."""
        return cls(Path(os.environ.get("WAREHOUSE_HOME") or "data").expanduser().resolve())

    @property
    def inbox(self) -> Path:
        """The landing folder: what lies here is landed by the scheduled job."""
        return self.root / "inbox"

    @property
    def intake(self) -> Path:
        """What the service took and has not landed yet, one folder a post."""
        return self.root / "intake"

    @property
    def lake(self) -> Path:
        """Immutable Parquet, one folder a load."""
        return self.root / "lake"

    @property
    def build_file(self) -> Path:
        """The DuckDB file that dbt writes."""
        return self.root / "warehouse.duckdb"

    @property
    def published_file(self) -> Path:
        """The DuckDB file that readers open."""
        return self.root / "published" / "warehouse.duckdb"

    @property
    def build_record(self) -> Path:
        """What the last successful build was made from (JSON)."""
        return self.root / "build.json"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME: the run history."""
        return self.root / "dagster"

    @property
    def lock_file(self) -> Path:
        """The lock that every writing command takes."""
        return self.root / "write.lock"

    @property
    def pulls(self) -> Path:
        """What pulls have read so far (JSON), one file a source."""
        return self.root / "pulls"

    @property
    def exports(self) -> Path:
        """The service's exports of events: a record (JSON) and a CSV file each, and their lock."""
        return self.root / "exports"

    @property
    def scratch(self) -> Path:
        """Temporary files; emptied by whoever filled it."""
        return self.root / "tmp"
