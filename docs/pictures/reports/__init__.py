"""Pictures of the reports: a module a group of them, a function a relation."""

from __future__ import annotations

from reports import all_events, management, monitoring, performance

GROUPS = (all_events, management, monitoring, performance)
"""Each has PICTURES: functions of an open warehouse, named as the relation that they draw."""
