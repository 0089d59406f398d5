"""Pictures of the reports: a module a group of them, a function a relation."""

from __future__ import annotations

from reports import all_events, management, monitoring

GROUPS = (all_events, management, monitoring)
"""Each has PICTURES: functions of an open warehouse, named as the relation that they draw."""
