"""Pulls: what is new in a running system enters the lake, one package a system.

`warehouse pull NAME` runs `command.run` of the package of that name.
"""

from orchestration.pulls.new import are_set_up, unpulled

__all__ = ["are_set_up", "unpulled"]
