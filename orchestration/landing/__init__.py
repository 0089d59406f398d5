"""Landing: raw logs become immutable Parquet in the lake, and what is bad goes to quarantine."""

from orchestration.landing.lake import ensure_lake, loads
from orchestration.landing.land import land
from orchestration.landing.mend import Mending, retry
from orchestration.landing.outcome import FileOutcome, LandingError
from orchestration.landing.reasons import REASONS
from orchestration.landing.schemas import SOURCES

__all__ = [
    "REASONS",
    "SOURCES",
    "FileOutcome",
    "LandingError",
    "Mending",
    "ensure_lake",
    "land",
    "loads",
    "retry",
]
