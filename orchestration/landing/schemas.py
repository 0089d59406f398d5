"""The relations of the lake: columns, order and types that the staging models rely on."""

from __future__ import annotations

CVAT_COLUMNS = (
    "scope",
    "obj_name",
    "obj_id",
    "obj_val",
    "source",
    "timestamp",
    "count",
    "duration",
    "project_id",
    "task_id",
    "job_id",
    "user_id",
    "user_name",
    "user_email",
    "org_id",
    "org_slug",
    "payload",
    "access_token_id",
)
"""The columns of a CVAT event in the order of CVAT's own table and export."""

CVAT_COLUMNS_BEFORE_2_48 = CVAT_COLUMNS[:-1]

WHOLE_NUMBERS = (
    "obj_id",
    "count",
    "duration",
    "project_id",
    "task_id",
    "job_id",
    "user_id",
    "org_id",
    "access_token_id",
)
"""The columns of a CVAT event that hold whole numbers; `duration` in ms."""

AMOUNTS = ("count", "duration")
"""Those of them that are added up."""

CLIENT_EVENT = {
    "scope": "VARCHAR",
    "obj_name": "VARCHAR",
    "obj_id": "BIGINT",
    "obj_val": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "count": "BIGINT",
    "duration": "BIGINT",
    "project_id": "BIGINT",
    "task_id": "BIGINT",
    "job_id": "BIGINT",
    "payload": "VARCHAR",
}
"""The fields of an event inside of a client batch."""

CLIENT_EVENT_TYPE = (
    "STRUCT(" + ", ".join(f'"{name}" {type_}' for name, type_ in CLIENT_EVENT.items()) + ")"
)

_ORIGIN = {"file_id": "VARCHAR", "line_number": "BIGINT"}

_KEPT_BYTES = {"not_utf8_columns": "VARCHAR", "not_utf8_text": "VARCHAR"}

SCHEMAS: dict[str, dict[str, str]] = {
    "cvat_events": {
        **{name: "BIGINT" if name in WHOLE_NUMBERS else "VARCHAR" for name in CVAT_COLUMNS},
        "timestamp": "TIMESTAMP",
        **_ORIGIN,
    },
    "cvat_client_batches": {
        "received_at": "TIMESTAMP",
        "sent_at": "TIMESTAMP",
        "user_id": "BIGINT",
        "user_name": "VARCHAR",
        "user_email": "VARCHAR",
        "org_id": "BIGINT",
        "org_slug": "VARCHAR",
        "previous_event": CLIENT_EVENT_TYPE,
        "events": CLIENT_EVENT_TYPE + "[]",
        **_ORIGIN,
    },
    "platform_samples": {
        "started_at": "TIMESTAMP",
        "ended_at": "TIMESTAMP",
        "event_type": "VARCHAR",
        "entity_type": "VARCHAR",
        "action": "VARCHAR",
        "context": "VARCHAR",
        "data": "VARCHAR",
        **_ORIGIN,
        "sample_number": "BIGINT",
    },
    "appraise": {
        "login": "VARCHAR",
        "system": "VARCHAR",
        "item": "VARCHAR",
        "item_type": "VARCHAR",
        "source_language": "VARCHAR",
        "target_language": "VARCHAR",
        "score": "DOUBLE",
        "document": "VARCHAR",
        "is_document": "VARCHAR",
        "error_spans": "VARCHAR",
        "opened_at": "TIMESTAMP",
        "saved_at": "TIMESTAMP",
        **_KEPT_BYTES,
        **_ORIGIN,
    },
    "zooniverse": {
        "classification_id": "VARCHAR",
        "user_name": "VARCHAR",
        "user_id": "VARCHAR",
        "workflow_id": "VARCHAR",
        "workflow_name": "VARCHAR",
        "workflow_version": "VARCHAR",
        "created_at": "TIMESTAMP",
        "gold_standard": "VARCHAR",
        "expert": "VARCHAR",
        "metadata": "VARCHAR",
        "annotations": "VARCHAR",
        "subject_data": "VARCHAR",
        "subject_ids": "VARCHAR",
        "opened_at": "TIMESTAMP",
        "saved_at": "TIMESTAMP",
        **_KEPT_BYTES,
        **_ORIGIN,
    },
    "cvat_resources": {
        "resource": "VARCHAR",
        "resource_id": "BIGINT",
        "seen_at": "TIMESTAMP",
        "is_gone": "BOOLEAN",
        "server": "VARCHAR",
        "organization": "VARCHAR",
        "attributes": "VARCHAR",
        **_ORIGIN,
    },
    "quarantine": {
        "file_id": "VARCHAR",
        "file_name": "VARCHAR",
        "line_number": "BIGINT",
        "line_position": "BIGINT",
        "unit": "VARCHAR",
        "reason": "VARCHAR",
        "detail": "VARCHAR",
        "raw_text": "VARCHAR",
        "load_id": "VARCHAR",
        "landed_at": "TIMESTAMP",
        "quarantine_number": "BIGINT",
    },
    "mended": {
        "quarantine_number": "BIGINT",
        "file_id": "VARCHAR",
        "line_number": "BIGINT",
        "load_id": "VARCHAR",
        "mended_at": "TIMESTAMP",
    },
    "files": {
        "file_id": "VARCHAR",
        "sha256": "VARCHAR",
        "file_name": "VARCHAR",
        "file_path": "VARCHAR",
        "source": "VARCHAR",
        "format": "VARCHAR",
        "byte_count": "BIGINT",
        "modified_at": "TIMESTAMP",
        "landed_count": "BIGINT",
        "quarantined_count": "BIGINT",
        "load_id": "VARCHAR",
        "landed_at": "TIMESTAMP",
    },
}
"""Relation -> column -> DuckDB type. All times are UTC without a zone.

In quarantine, `line_position` is the place within the line: of a sample in its array, of an event
in its batch (0 is the previous event), 1 else; `quarantine_number` counts through the whole lake.
A row of `mended` says that the row of that number left quarantine, since the file and line that it
names hold it mended (no line where the numbers were mended together). Where a row was accepted
with bytes that are not UTF-8, `not_utf8_columns` names the columns and `not_utf8_text` shows the
first of them.
"""

SAMPLE_SOURCES = ("platform_samples", "appraise", "zooniverse")
"""Those whose rows are, or tell of, samples."""

SOURCES = ("cvat_events", "cvat_client_batches", *SAMPLE_SOURCES, "cvat_resources")
"""The kinds of log that can land, by the name of their relation."""

UNITS = {
    "cvat_events": "record",
    "cvat_client_batches": "batch",
    "platform_samples": "sample",
    "appraise": "record",
    "zooniverse": "record",
    "cvat_resources": "resource",
}
"""What one landed unit of a source is called in quarantine."""
