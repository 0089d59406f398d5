"""Asking CVAT's API through its SDK, and what its failures mean to a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.api_client.exceptions import ApiException, ServiceException
from urllib3.exceptions import HTTPError

from orchestration.errors import WarehouseError
from orchestration.pulls.cvat_api.resources import ENDPOINTS
from orchestration.pulls.cvat_api.settings import PASSWORD, TOKEN, USER, Source, credentials
from orchestration.pulls.patience import BrokenError, Patience

TIMEOUT_S = (10.0, 120.0)
"""How long to wait for a connection, and for the next bytes of an answer."""

PAGE = 500
"""How many resources are asked for at once."""


class Server(NamedTuple):
    """A CVAT that answers, and how it is asked."""

    source: Source
    api: ApiClient
    patience: Patience


@contextmanager
def connected(
    source: Source, environment: Mapping[str, str], patience: Patience
) -> Iterator[Server]:
    """Open a CVAT for asking. Raises WarehouseError where none answers there."""
    configuration = Configuration(host=source.url, **credentials(environment))
    # Patience alone asks again: urllib3's own way ends before an answer that breaks off.
    configuration.retries = False
    with ApiClient(configuration) as api:
        if source.organization:
            api.default_headers["X-Organization"] = source.organization
        server = Server(source, api, patience)
        about = _answer(server, api.server_api.retrieve_about, "server/about")
        if not isinstance(about, dict) or "version" not in about:
            raise _no_cvat(source)
        yield server


def pages(server: Server, resource: str) -> Iterator[list[dict[str, Any]]]:
    """Yield what the API shows of a kind of resource, page by page in the order of ids.

    Each page is asked for as what comes after an id: page numbers would pass over a resource
    where another one is deleted in between.
    """
    endpoint = ENDPOINTS[resource]
    listed = getattr(server.api, f"{endpoint}_api").list
    last = 0
    while True:
        after = json.dumps({"and": [{">": [{"var": "id"}, last]}]})
        page = _answer(server, listed, endpoint, filter=after, sort="id", page_size=PAGE)
        try:
            found, is_last = page["results"], not page["next"]
            ids = [int(one["id"]) for one in found]
        except (TypeError, ValueError, KeyError):
            raise _no_cvat(server.source) from None
        if [last, *ids] != sorted({last, *ids}):
            raise WarehouseError(
                f"{server.source} does not list {endpoint} in the order of their ids"
            )
        yield found
        if is_last or not found:
            return
        last = ids[-1]


def _answer(server: Server, endpoint: Callable[..., Any], what: str, **parameters: Any) -> Any:
    """Return one answer, decoded, but not as the SDK's models: they fit one version of CVAT."""

    def ask() -> Any:
        try:
            _, response = endpoint(**parameters, _parse_response=False, _request_timeout=TIMEOUT_S)
            return json.loads(response.data)
        except HTTPError as error:
            raise BrokenError(f"{server.source}: the connection broke: {_reason(error)}") from error
        except ServiceException as error:
            raise BrokenError(
                f"{server.source}: it answers {what} with {error.status} {error.reason}"
            ) from error
        except ApiException as error:
            raise WarehouseError(f"{server.source}: {_meaning(server, what, error)}") from error
        except ValueError as error:
            raise _no_cvat(server.source) from error

    return server.patience.ask(ask)


def _reason(error: HTTPError) -> str:
    """Return what urllib3 says without the names of its objects."""
    return str(error.args[-1] if error.args else type(error).__name__).partition(": ")[2] or (
        str(error)
    )


def _meaning(server: Server, what: str, error: ApiException) -> str:
    if error.status == 0:
        return f"its certificate is not trusted: {error.reason.splitlines()[-1]}"
    if error.status == 401:
        return f"it does not accept the credentials in {TOKEN}, or {USER} and {PASSWORD}"
    if error.status == 403:
        return f"this user may not see {what}: {_said(error)}"
    if error.status == 404 and not server.source.organization:
        return f"this is no CVAT: it has no api/{what}"
    if 300 <= error.status < 400:
        target = urlsplit(error.headers.get("Location", ""))
        return f"it sends elsewhere; is the address {target.scheme}://{target.netloc}?"
    return f"it answers {what} with {error.status}: {_said(error)}"


def _said(error: ApiException) -> str:
    """Return what the server says in one line."""
    text = error.body or error.reason
    with suppress(ValueError, KeyError, TypeError):
        text = json.loads(text)["detail"]
    return " ".join(str(text).split())[:200]


def _no_cvat(source: Source) -> WarehouseError:
    return WarehouseError(f"{source}: this is no CVAT, its answer is not that of CVAT's API")
