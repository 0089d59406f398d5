"""Query strings: what a route does not know is refused, for left out silently it would mislead."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import Request

from serving.refusal import Refused


def check_parameters(request: Request, known: Collection[str]) -> None:
    """Refuse (400) a name that is not known and one that stands there twice."""
    names = [name for name, _ in request.query_params.multi_items()]
    for number, name in enumerate(names):
        if name not in known:
            raise Refused(400, f"There is no parameter {name!r}. There are: {', '.join(known)}")
        if name in names[:number]:
            raise Refused(400, f"{name} is there twice: give one value")
