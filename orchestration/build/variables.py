"""The dbt variables that a build takes: which there are, and what they can be."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import available_timezones

import yaml

from orchestration.errors import UsageError
from orchestration.home import PROJECT

EXAMPLE = """--vars '{"reporting_timezone": "Europe/Berlin"}'"""

LONGEST_CUTOFF_MS = 6 * 3_600_000
"""A build looks a few cutoffs beyond the days that it makes anew, never further than a day."""

METHODS = ("replayed", "reported", "derived")


def read_variables(text: str | None) -> dict[str, Any]:
    """Return the variables of `--vars`; raise UsageError for what no build can take.

    dbt itself takes a misspelt variable in silence and builds as if it had not been given.
    """
    try:
        variables = json.loads(text or "{}")
    except ValueError as error:
        raise UsageError(f"--vars is not JSON: {error}. Example: {EXAMPLE}") from error
    if not isinstance(variables, dict):
        raise UsageError(f"--vars is not a JSON object. Example: {EXAMPLE}")
    known = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    for name, value in variables.items():
        if name not in known:
            raise UsageError(f"--vars: unknown variable {name!r}; known are {', '.join(known)}")
        problem = _problem(name, value)
        if problem:
            raise UsageError(f"--vars: {name} is {json.dumps(value)}, but {problem}")
    settings = known | variables
    if settings.get("activity_gap_threshold_ms", 0) > settings.get("idle_cutoff_ms", 0):
        raise UsageError(
            "--vars: activity_gap_threshold_ms is above idle_cutoff_ms, but the clock forgets"
            " after the cutoff; give a larger idle_cutoff_ms too"
        )
    return variables


def _problem(name: str, value: Any) -> str | None:
    """Return what is wrong with a value, None where nothing is."""
    if name.endswith("_ms") and (type(value) is not int or value <= 0):
        return "it must be a whole number of milliseconds above 0"
    if name == "idle_cutoff_ms" and value > LONGEST_CUTOFF_MS:
        return f"it must be at most {LONGEST_CUTOFF_MS} (six hours)"
    if name == "reporting_timezone" and value not in available_timezones():
        return "it must be a time zone such as UTC or Europe/Berlin"
    if name == "working_time_methods" and not _are_methods(value):
        return f"it must be a list of some of {', '.join(METHODS)}, the best one first"
    if name == "client_batches_are_events" and type(value) is not bool:
        return "it must be true or false"
    return None


def _are_methods(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(method in METHODS for method in value)
        and len(set(value)) == len(value)
    )
