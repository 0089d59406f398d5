"""A dump of CVAT's database as CVAT's API shows it.

A dump is what Django writes: a list of {"model", "pk", "fields"}. Users stand in it by their name.
The shapes of the answers are those of CVAT 2.80, as its own SDK describes and validates them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class State:
    """What a CVAT holds; a test changes `fields` of it between two pulls."""

    def __init__(self, dump: list[Row]) -> None:
        """Take the rows of a dump."""
        self.tables: dict[str, dict[int, Row]] = defaultdict(dict)
        for row in dump:
            self.tables[row["model"]][row["pk"]] = dict(row["fields"])

    @classmethod
    def read(cls, path: Path) -> State:
        """Return the state that a dump holds."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def shown(self, endpoint: str, at: str) -> dict[int, Row]:
        """Return what the API lists at an endpoint, by id; `at` is the server's address."""
        return SHOWN[endpoint](self, at)

    def user(self, named: list[str] | None, at: str) -> Row | None:
        """Return a user as other resources show one."""
        if named is None:
            return None
        ((pk, user),) = [
            (pk, user) for pk, user in self.tables[USERS].items() if [user["username"]] == named
        ]
        names = {key: user[key] for key in ("username", "first_name", "last_name")}
        return {"id": pk, "url": f"{at}/api/users/{pk}", **names}


USERS, ORGANIZATIONS, PROJECTS = "auth.user", "organizations.organization", "engine.project"
TASKS, SEGMENTS, JOBS = "engine.task", "engine.segment", "engine.job"
LABELS, ISSUES, DATA = "engine.label", "engine.issue", "engine.data"


def _users(state: State, at: str) -> dict[int, Row]:
    told = ("username", "first_name", "last_name", "email", "is_staff", "is_superuser")
    return {
        pk: {
            "id": pk,
            "url": f"{at}/api/users/{pk}",
            **{key: user[key] for key in (*told, "is_active", "last_login", "date_joined")},
            "groups": [name for (name,) in user["groups"]],
            "has_analytics_access": False,
        }
        for pk, user in state.tables[USERS].items()
    }


def _organizations(state: State, at: str) -> dict[int, Row]:
    told = ("slug", "name", "description", "contact", "created_date", "updated_date")
    return {
        pk: {
            "id": pk,
            **{key: one[key] for key in told},
            "owner": state.user(one["owner"], at),
        }
        for pk, one in state.tables[ORGANIZATIONS].items()
    }


def _projects(state: State, at: str) -> dict[int, Row]:
    told = ("name", "bug_tracker", "status", "created_date", "updated_date")
    return {
        pk: {
            "id": pk,
            "url": f"{at}/api/projects/{pk}",
            **{key: one[key] for key in (*told, "assignee_updated_date")},
            "organization": one["organization"],
            "organization_id": one["organization"],
            "owner": state.user(one["owner"], at),
            "assignee": state.user(one["assignee"], at),
            "guide_id": None,
            "dimension": None,
            "task_subsets": [],
            "tasks": {"count": 0, "url": f"{at}/api/tasks?project_id={pk}"},
            "labels": {"url": f"{at}/api/labels?project_id={pk}"},
            "source_storage": None,
            "target_storage": None,
        }
        for pk, one in state.tables[PROJECTS].items()
    }


def _tasks(state: State, at: str) -> dict[int, Row]:
    told = ("name", "mode", "bug_tracker", "overlap", "segment_size", "status", "dimension")
    found = {}
    for pk, one in state.tables[TASKS].items():
        found[pk] = {
            "id": pk,
            "url": f"{at}/api/tasks/{pk}",
            **{key: one[key] for key in (*told, "subset", "created_date", "updated_date")},
            "project_id": one["project"],
            "organization": one["organization"],
            "organization_id": one["organization"],
            "owner": state.user(one["owner"], at),
            "assignee": state.user(one["assignee"], at),
            "jobs": {"count": 0, "completed": 0, "validation": 0, "url": f"{at}/api/jobs"},
            "labels": {"url": f"{at}/api/labels?task_id={pk}"},
        }
        # A task without data does not say how large it is.
        if one["data"] is not None:
            found[pk] |= {"data": one["data"], "size": state.tables[DATA][one["data"]]["size"]}
    return found


def _jobs(state: State, at: str) -> dict[int, Row]:
    told = ("status", "stage", "state", "type", "created_date", "updated_date")
    found = {}
    for pk, job in state.tables[JOBS].items():
        segment = state.tables[SEGMENTS][job["segment"]]
        task = state.tables[TASKS][segment["task"]]
        frames = (
            segment["stop_frame"] - segment["start_frame"] + 1
            if segment["type"] == "range"
            else len(segment["frames"].split(","))
        )
        found[pk] = {
            "id": pk,
            "url": f"{at}/api/jobs/{pk}",
            **{key: job[key] for key in (*told, "assignee_updated_date")},
            "task_id": segment["task"],
            "project_id": task["project"],
            "organization": task["organization"],
            "parent_job_id": job["parent_job"],
            "assignee": state.user(job["assignee"], at),
            "frame_count": frames,
            "start_frame": segment["start_frame"],
            "stop_frame": segment["stop_frame"],
            "dimension": task["dimension"],
            "mode": task["mode"],
            "bug_tracker": None,
            "guide_id": None,
            "issues": {"count": 0, "url": f"{at}/api/issues?job_id={pk}"},
            "labels": {"url": f"{at}/api/labels?job_id={pk}"},
        }
    return found


def _labels(state: State, at: str) -> dict[int, Row]:
    """Only labels that are no part of another; those of a skeleton stand inside of it."""
    labels = state.tables[LABELS]

    def label(pk: int) -> Row:
        told = {key: labels[pk][key] for key in ("name", "color", "type")}
        has_parent = labels[pk]["parent"] is not None
        return {"id": pk, **told, "attributes": [], "has_parent": has_parent}

    return {
        pk: {
            **label(pk),
            "parent_id": None,
            "sublabels": [label(part) for part in labels if labels[part]["parent"] == pk],
            **({"project_id": one["project"]} if one["project"] else {"task_id": one["task"]}),
        }
        for pk, one in labels.items()
        if one["parent"] is None
    }


def _issues(state: State, at: str) -> dict[int, Row]:
    told = ("frame", "job", "resolved", "created_date", "updated_date")
    return {
        pk: {
            "id": pk,
            **{key: one[key] for key in told},
            "position": [float(part) for part in one["position"].split(",")],
            "owner": state.user(one["owner"], at),
            "assignee": state.user(one["assignee"], at),
            "comments": {"count": 0, "url": f"{at}/api/comments?issue_id={pk}"},
        }
        for pk, one in state.tables[ISSUES].items()
    }


SHOWN = {
    "users": _users,
    "organizations": _organizations,
    "projects": _projects,
    "tasks": _tasks,
    "jobs": _jobs,
    "labels": _labels,
    "issues": _issues,
}
"""Endpoint -> how it shows a state."""
