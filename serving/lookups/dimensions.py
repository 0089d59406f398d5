"""What the warehouse knows of projects, datasets, items and users, as far as the caller sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb

from serving.callers.sight import Sight

Row = dict[str, Any]


def projects(
    warehouse: duckdb.DuckDBPyConnection,
    sight: Sight,
    *,
    project_id: str | None = None,
    name: str | None = None,
) -> list[Row]:
    """Return the projects of an id or a name as the SDK reads them, in the order of their ids.

    A project whose name was never heard of is called by its id.
    """
    where, values = _seen(sight)
    if sight.org_id is not None and sight.user_id is None:
        where = f"({where} or org_id = $org_id)"
    rows = warehouse.execute(
        f"""
        select project_id, coalesce(project_name, project_id) as shown_name, org_id,
            first_event_at, last_event_at, deleted_at is not null
        from core.dim_projects
        where {where}
            and project_id = coalesce($wanted_id, project_id)
            and shown_name = coalesce($wanted_name, shown_name)
        order by project_id
        """,
        {**values, "wanted_id": project_id, "wanted_name": name},
    ).fetchall()
    return [
        {
            "id": id_,
            "name": shown,
            "org": org_id,
            "createdAt": _iso(first),
            "updatedAt": _iso(last),
            "creator": None,
            "role": None,
            "account": None,
            "isBlocked": False,
            "archived": deleted,
            "featureConstraints": {},
        }
        for id_, shown, org_id, first, last, deleted in rows
    ]


def datasets(
    warehouse: duckdb.DuckDBPyConnection,
    sight: Sight,
    *,
    ids: Sequence[str] | None = None,
    project_ids: Sequence[str] | None = None,
) -> list[Row]:
    """Return datasets as the SDK reads them, in the order of their ids: their names are not known.

    `ids` and `project_ids` say which; None is no filter. A dataset begins with the first event in
    it that the caller sees.
    """
    rows = warehouse.execute(
        f"""
        with datasets as (
            select dataset_id, list(distinct project_id order by project_id) as project_ids
            from core.dim_work_contexts
            where dataset_id is not null and {_own(sight)}
                and ($ids is null or dataset_id in (select unnest($ids::varchar[])))
                and ($projects is null or project_id in (select unnest($projects::varchar[])))
            group by dataset_id
        ),
        events as (
            select dataset_id, min(event_at) as first_event_at, max(event_at) as last_event_at
            from core.fct_events
            where dataset_id in (select dataset_id from datasets) and {_own(sight)}
            group by dataset_id
        )
        select dataset_id, project_ids, first_event_at, last_event_at
        from datasets
        left join events using (dataset_id)
        order by dataset_id
        """,
        {**sight.bounds(), "ids": _listed(ids), "projects": _listed(project_ids)},
    ).fetchall()
    return [
        {
            "id": id_,
            "name": id_,
            "projects": [project for project in of if project is not None],
            "createdAt": _iso(first),
            "updatedAt": _iso(last),
            "creator": None,
            "url": None,
            "items": None,
            "metadata": {},
        }
        for id_, of, first, last in rows
    ]


def item(warehouse: duckdb.DuckDBPyConnection, sight: Sight, item_id: str) -> Row | None:
    """Return an item as the SDK reads it, None where the caller sees nothing of it.

    Its file and its name are not known. It begins with the first event on it that the caller sees,
    and lies in the dataset that was named last.
    """
    dataset_id, first, last = warehouse.execute(
        f"""
        select
            last(dataset_id order by event_at, dataset_id) filter (where dataset_id is not null),
            min(event_at),
            max(event_at)
        from core.fct_events
        where item_id = $item_id and {_own(sight)}
        """,
        {**sight.bounds(), "item_id": item_id},
    ).fetchone()
    if first is None:
        return None
    return {
        "id": item_id,
        "name": item_id,
        "filename": item_id,
        "type": "file",
        "datasetId": dataset_id,
        "createdAt": _iso(first),
        "updatedAt": _iso(last),
        "creator": None,
        "url": None,
        "metadata": {},
    }


def user_ids(
    warehouse: duckdb.DuckDBPyConnection, sight: Sight, said: Sequence[str]
) -> dict[str, str]:
    """Return the user ids of texts that are an e-mail, a name or an id, where just one has it."""
    where, values = "true", dict(sight.bounds())
    if values:
        bounds = " and ".join(f"{column} = ${column}" for column in values)
        where = f"user_id in (select user_id from core.dim_work_contexts where {bounds})"
    rows = warehouse.execute(
        f"""
        select said.text, any_value(user_id)
        from (select distinct unnest($said::varchar[]) as text) as said
        inner join core.dim_users as users
            on said.text in (users.user_id, users.user_email, users.user_name)
        where {where}
        group by said.text
        having count(*) = 1
        """,
        {**values, "said": list(said)},
    ).fetchall()
    return dict(rows)


def user_name(warehouse: duckdb.DuckDBPyConnection, user_id: str) -> tuple[Any, ...]:
    """Return the name and e-mail last seen of a user, None for what was never seen."""
    row = warehouse.execute(
        "select user_name, user_email from core.dim_users where user_id = ?", [user_id]
    ).fetchone()
    return row or (None, None)


def _own(sight: Sight) -> str:
    """Return the condition on a relation's own user_id and org_id that leaves what is seen."""
    return " and ".join(f"{column} = ${column}" for column in sight.bounds()) or "true"


def _seen(sight: Sight) -> tuple[str, dict[str, Any]]:
    """Return the condition on project_id that leaves what the caller sees, and its values."""
    values = sight.bounds()
    if not values:
        return "true", {}
    bounds = " and ".join(f"work.{column} = ${column}" for column in values)
    seen = f"select project_id from core.dim_work_contexts as work where {bounds}"
    return f"project_id in ({seen})", values


def _listed(texts: Sequence[str] | None) -> list[str] | None:
    return None if texts is None else list(texts)


def _iso(time: datetime | None) -> str | None:
    return time and time.isoformat(timespec="milliseconds") + "Z"
