"""Counting along with dbt: what has started, what has finished, what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SUCCEEDED = ("success", "pass")


@dataclass
class Tally:
    """The state of one dbt build as its log tells it."""

    done: int = 0
    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """Kind of node (model, seed, test) -> how many succeeded."""
    errors: list[str] = field(default_factory=list)

    def observe(self, event: Mapping[str, Any]) -> str | None:
        """Take one event of dbt's JSON log; return the name of the node that starts, if one does.

        An event that is not about a node changes nothing, unless it is an error.
        """
        info, data = event["info"], event["data"]
        node = data.get("node_info") or {}
        if info["level"] == "error":
            self.errors.append(info["msg"])
        if info["name"] == "LogStartLine":
            self.total = data["total"]
            return node["node_name"]
        if info["name"].startswith("Log") and info["name"].endswith("Result"):
            self.done += 1
            if node.get("node_status") in SUCCEEDED:
                self.counts[node["resource_type"]] += 1
        return None
