"""The routes of Dataloop's SDK by which it finds projects, datasets, items and users."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from serving.callers.caller import Caller
from serving.callers.sight import sight_of
from serving.errors import Error
from serving.lookups import dimensions
from serving.refusal import Refused
from serving.wire import current_caller, json_body, service

PAGE_SIZE = 1000

Known = Annotated[Caller, Depends(current_caller)]
Body = Annotated[Any, Depends(json_body)]

_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": Error, "description": "There is none that the caller sees"}
}


_TEXTS = {"type": "array", "items": {"type": "string"}}

_QUERY = {
    "type": "object",
    "properties": {
        "filter": {
            "type": "object",
            "properties": {"$and": {"type": "array", "items": {"type": "object"}}},
        },
        "context": {"type": "object", "properties": {"projects": _TEXTS}},
        "page": {"type": "integer", "minimum": 0},
        "pageSize": {"type": "integer", "minimum": 1},
    },
}


def router() -> APIRouter:
    """Return the routes."""
    routes = APIRouter(prefix="/api/v1", tags=["names"])

    @routes.get("/projects/{name:path}/name", responses=_NOT_FOUND)
    def projects_of_name(request: Request, caller: Known, name: str) -> list[dict[str, Any]]:
        """Return the projects of this name."""
        with service(request).reading() as warehouse:
            found = dimensions.projects(warehouse, sight_of(caller), name=name)
        if not found:
            raise Refused(404, f"There is no project called {name!r}")
        return found

    @routes.get("/projects/{project_id}", responses=_NOT_FOUND)
    def project(request: Request, caller: Known, project_id: str) -> dict[str, Any]:
        """Return the project of this id."""
        with service(request).reading() as warehouse:
            found = dimensions.projects(warehouse, sight_of(caller), project_id=project_id)
        if not found:
            raise Refused(404, f"There is no project {project_id!r}")
        return found[0]

    @routes.post("/datasets/query", openapi_extra=_body(_QUERY))
    def datasets(request: Request, caller: Known, body: Body) -> dict[str, Any]:
        """Return a page of datasets: by name (which here is the id) and by project."""
        ids, project_ids, page, size = _asked(body)
        with service(request).reading() as warehouse:
            found = dimensions.datasets(
                warehouse, sight_of(caller), ids=ids, project_ids=project_ids
            )
        return {
            "items": found[page * size : (page + 1) * size],
            "hasNextPage": len(found) > (page + 1) * size,
            "totalItemsCount": len(found),
            "totalPagesCount": -(-len(found) // size),
        }

    @routes.get("/datasets/{dataset_id}", responses=_NOT_FOUND)
    def dataset(request: Request, caller: Known, dataset_id: str) -> dict[str, Any]:
        """Return the dataset of this id."""
        with service(request).reading() as warehouse:
            found = dimensions.datasets(warehouse, sight_of(caller), ids=[dataset_id])
        if not found:
            raise Refused(404, f"There is no dataset {dataset_id!r}")
        return found[0]

    @routes.get("/items/{item_id}", responses=_NOT_FOUND)
    def item(request: Request, caller: Known, item_id: str) -> dict[str, Any]:
        """Return the item of this id."""
        with service(request).reading() as warehouse:
            found = dimensions.item(warehouse, sight_of(caller), item_id)
        if not found:
            raise Refused(404, f"There is no item {item_id!r}")
        return found

    @routes.get("/users/me")
    def me(request: Request, caller: Known) -> dict[str, Any]:
        """Return who calls."""
        with service(request).reading() as warehouse:
            name, email = dimensions.user_name(warehouse, caller.user_id)
        return {
            "id": caller.user_id,
            "username": caller.name or name or caller.user_id,
            "firstName": caller.name or name,
            "lastName": None,
            "email": caller.email or email,
            "role": caller.role,
            "org": caller.org_id,
            "type": "human",
        }

    @routes.post("/users/hash", openapi_extra=_body(_TEXTS))
    def user_ids(request: Request, caller: Known, body: Body) -> list[dict[str, Any]]:
        """Return the ids by which measures know users, from e-mails, names or ids.

        Takes an array of texts, or an object with one under any name.
        """
        said = _texts(body)
        with service(request).reading() as warehouse:
            found = dimensions.user_ids(warehouse, sight_of(caller), said)
        return [{"user": text, "hash": found.get(text)} for text in said]

    return routes


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _texts(body: Any) -> list[str]:
    if isinstance(body, dict) and len(body) == 1:
        (body,) = body.values()
    texts = [body] if isinstance(body, str) else body
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Refused(400, "The body must be an array of texts: e-mails, names or ids of users")
    return texts


def _asked(body: Any) -> tuple[list[str] | None, list[str] | None, int, int]:
    """Return ids, project ids (None: all), page and page size of a query of the SDK."""
    if not isinstance(body, dict):
        raise Refused(400, "The body must be an object with filter, page and pageSize")
    context = body.get("context") or {}
    project_ids = context.get("projects") if isinstance(context, dict) else context
    if project_ids is not None and not _are_texts(project_ids):
        raise Refused(400, "context.projects must be a list of texts")
    page = _whole(body, "page", 0, least=0)
    size = _whole(body, "pageSize", PAGE_SIZE, least=1)
    return _ids(body.get("filter")), project_ids, page, size


def _ids(asked: Any) -> list[str] | None:
    """Return the ids that a filter leaves, None for all; `name` and `id` are the same here."""
    if not asked:
        return None
    conditions = asked.get("$and") if isinstance(asked, dict) and set(asked) == {"$and"} else None
    if not isinstance(conditions, list) or not all(isinstance(one, dict) for one in conditions):
        raise Refused(400, "filter must be an $and of conditions on name or id")
    left: set[str] | None = None
    for condition in conditions:
        for key, value in condition.items():
            if key not in ("name", "id"):
                raise Refused(400, f"filter: {key!r} is not known of datasets, only name and id")
            if isinstance(value, dict) and set(value) <= {"$eq", "$in"} and len(value) == 1:
                (value,) = value.values()
            values = [value] if isinstance(value, str) else value
            if not _are_texts(values):
                raise Refused(400, f"filter.{key} must be a text, $eq of one or $in of several")
            left = set(values) if left is None else left & set(values)
    return None if left is None else sorted(left)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _whole(body: dict[str, Any], name: str, default: int, *, least: int) -> int:
    value = body.get(name, default)
    if type(value) is not int or not least <= value <= 1_000_000:
        raise Refused(400, f"{name} must be a whole number from {least} on")
    return value
