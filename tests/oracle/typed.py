"""Raw records to typed ones. Equal records are equal contents, whatever file format they had."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Dims(NamedTuple):
    """The 17 context dimensions; what the source does not know is None."""

    user_id: str | None = None
    org_id: str | None = None
    project_id: str | None = None
    account_id: str | None = None
    dataset_id: str | None = None
    task_id: str | None = None
    assignment_id: str | None = None
    item_id: str | None = None
    service_id: str | None = None
    pod_id: str | None = None
    model_id: str | None = None
    snapshot_id: str | None = None
    pipeline_id: str | None = None
    trigger_id: str | None = None
    pipeline_execution_id: str | None = None
    node_id: str | None = None
    ontology_id: str | None = None


class CvatRow(NamedTuple):
    """One row of CVAT's event log."""

    scope: str
    obj_name: str | None
    obj_id: str | None
    obj_val: str | None
    source: str | None
    at_ms: int
    count: int | None
    duration_ms: int
    project_id: str | None
    task_id: str | None
    job_id: str | None
    user_id: str | None
    user_name: str | None
    user_email: str | None
    org_id: str | None
    org_slug: str | None
    payload: str | None
    access_token_id: str | None

    def dims(self) -> Dims:
        """Return the row's context: a CVAT job is an assignment."""
        return Dims(
            user_id=self.user_id,
            org_id=self.org_id,
            project_id=self.project_id,
            task_id=self.task_id,
            assignment_id=self.job_id,
        )

    def payload_value(self, key: str) -> Any:
        """Return one value of the JSON payload, None where there is none."""
        return json.loads(self.payload, parse_float=Decimal).get(key) if self.payload else None


class ClientEvent(NamedTuple):
    """One event of a captured batch, with microseconds."""

    scope: str
    at_us: int
    duration_ms: int
    count: int | None
    obj_name: str | None
    obj_id: str | None
    obj_val: str | None
    project_id: str | None
    task_id: str | None
    job_id: str | None
    payload: str | None


class Batch(NamedTuple):
    """One captured `POST /api/events`; events in the order sent."""

    received_us: int | None
    sent_us: int | None
    user_id: str | None
    user_name: str | None
    user_email: str | None
    org_id: str | None
    org_slug: str | None
    previous: ClientEvent | None
    events: tuple[ClientEvent, ...]

    def shift_us(self) -> int:
        """Return what the browser's clock was behind the receiver's, 0 where unknown."""
        known = self.received_us is not None and self.sent_us is not None
        return self.received_us - self.sent_us if known else 0


class Sample(NamedTuple):
    """One platform sample."""

    event_type: str
    action: str | None
    entity_type: str | None
    start_ms: int
    end_ms: int
    dims: Dims
    role: str | None
    pod_type: str | None
    service_type: str | None
    service_name: str | None
    data: tuple[tuple[str, Any], ...]

    def value(self, key: str) -> Any:
        """Return one value of the sample's data, None where there is none."""
        return dict(self.data).get(key)


DATA_KEYS = (
    *("status", "numRestarts", "cpu", "ram", "queueSize", "numExecutions", "interval"),
    *("concurrencyLimit", "concurrencyCount", "cpuLimit", "ramLimit", "gpu"),
    *("functionName", "duration", "functionDuration", "nodeStatus"),
    *("annotationId", "label", "annotationType", "count", "bulk", "source", "surface"),
    *("totalItems", "annotator", "issueId", "figure", "legend", "x", "y"),
)
ALIASES = {"projectOrgId": "org_id", "pipelineNodeId": "node_id"}


def instant_us(value: Any) -> int | None:
    """Return microseconds since 1970 of ISO text or epoch seconds (text or number)."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value.replace(".", "", 1).isdigit():
        return int(Decimal(value) * 1_000_000)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)


def seconds_to_ms(seconds: int | Decimal) -> int:
    """Return milliseconds, decimal half-up."""
    return int((Decimal(seconds) * 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def cvat_row(fields: dict[str, Any]) -> CvatRow:
    """Return the typed row of a CSV record or a JSON line."""
    return CvatRow(
        scope=fields["scope"],
        obj_name=_text(fields.get("obj_name")),
        obj_id=_text(fields.get("obj_id")),
        obj_val=_text(fields.get("obj_val")),
        source=_text(fields.get("source")),
        at_ms=instant_us(fields["timestamp"]) // 1000,
        count=_integer(fields.get("count")),
        duration_ms=_integer(fields.get("duration")) or 0,
        project_id=_text(fields.get("project_id")),
        task_id=_text(fields.get("task_id")),
        job_id=_text(fields.get("job_id")),
        user_id=_text(fields.get("user_id")),
        user_name=_text(fields.get("user_name")),
        user_email=_text(fields.get("user_email")),
        org_id=_text(fields.get("org_id")),
        org_slug=_text(fields.get("org_slug")),
        payload=_json_text(fields.get("payload")),
        access_token_id=_text(fields.get("access_token_id")),
    )


def batch(fields: dict[str, Any]) -> Batch:
    """Return the typed batch."""
    previous = fields.get("previous_event")
    return Batch(
        received_us=instant_us(fields.get("received_at")),
        sent_us=instant_us(fields.get("timestamp")),
        user_id=_text(fields.get("user_id")),
        user_name=_text(fields.get("user_name")),
        user_email=_text(fields.get("user_email")),
        org_id=_text(fields.get("org_id")),
        org_slug=_text(fields.get("org_slug")),
        previous=None if previous is None else _client_event(previous),
        events=tuple(_client_event(event) for event in fields["events"]),
    )


def _client_event(fields: dict[str, Any]) -> ClientEvent:
    return ClientEvent(
        scope=fields["scope"],
        at_us=instant_us(fields["timestamp"]),
        duration_ms=_integer(fields.get("duration")) or 0,
        count=_integer(fields.get("count")),
        obj_name=_text(fields.get("obj_name")),
        obj_id=_text(fields.get("obj_id")),
        obj_val=_text(fields.get("obj_val")),
        project_id=_text(fields.get("project_id")),
        task_id=_text(fields.get("task_id")),
        job_id=_text(fields.get("job_id")),
        payload=_json_text(fields.get("payload")),
    )


def sample(fields: dict[str, Any]) -> Sample:
    """Return the typed sample, also of the old item-analytics form."""
    if "eventType" not in fields:
        fields = _from_old_form(fields)
    context = fields.get("context") or {}
    data = fields.get("data") or {}
    start_ms = int(fields["startTime"])
    end = fields.get("endTime")
    return Sample(
        event_type=fields["eventType"],
        action=fields.get("action"),
        entity_type=fields.get("entityType"),
        start_ms=start_ms,
        end_ms=start_ms if end is None else int(end),
        dims=_dims(context),
        role=_text(context.get("role")),
        pod_type=_text(context.get("podType")),
        service_type=_text(context.get("serviceType")),
        service_name=_text(context.get("serviceName", data.get("serviceName"))),
        data=tuple((key, _plain(data[key])) for key in DATA_KEYS if data.get(key) is not None),
    )


def _from_old_form(fields: dict[str, Any]) -> dict[str, Any]:
    at = fields["time"]
    action = fields["action"].removeprefix("annotation.")
    return {
        **{"eventType": "annotation", "action": action, "startTime": at, "endTime": at},
        **{"context": fields, "data": fields},
    }


def _dims(context: dict[str, Any]) -> Dims:
    known = {}
    for key, value in context.items():
        snake = "".join("_" + c.lower() if c.isupper() else c for c in key)
        name = ALIASES.get(key, snake)
        if name in Dims._fields and _text(value) is not None:
            known[name] = _text(value)
    return Dims(**known)


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _integer(value: Any) -> int | None:
    return None if value is None or value == "" else int(value)


def _json_text(value: Any) -> str | None:
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True, default=str)
    return _text(value)


def _plain(value: Any) -> Any:
    return (
        json.dumps(value, sort_keys=True, default=str) if isinstance(value, dict | list) else value
    )
