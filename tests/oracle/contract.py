"""The columns of the 47 relations, as the catalogue of measures states them."""

from __future__ import annotations

from typing import NamedTuple

from .typed import Dims

WORK = (
    *("user_id", "org_id", "project_id", "account_id", "dataset_id", "task_id"),
    *("assignment_id", "item_id", "ontology_id"),
)
FUNCTIONS = (
    *("user_id", "org_id", "project_id", "account_id", "service_id", "pod_id", "model_id"),
    *("pipeline_id", "trigger_id", "node_id"),
)
PIPELINES = (
    *("org_id", "project_id", "account_id", "pipeline_id", "trigger_id"),
    *("pipeline_execution_id", "node_id"),
)
RUNS = tuple(name for name in Dims._fields if name in FUNCTIONS + PIPELINES)
ASSIGNMENT = tuple(name for name in WORK if name not in ("user_id", "item_id"))
ITEMS = ("org_id", "project_id", "account_id", "dataset_id", "ontology_id")
METRIC = ("project_id", "dataset_id", "model_id", "snapshot_id")


class Columns(NamedTuple):
    """What a relation has beside time_granularity and period_start.

    Keys that are dimensions too stand once, among the dimensions. `value` says what the value is:
    count or duration_ms (an int), ratio, text, time, number, or None where there is no value.
    """

    dims: tuple[str, ...]
    keys: tuple[str, ...]
    components: tuple[str, ...]
    value: str | None
    keeps_zero: bool = False


def _columns(
    dims: tuple[str, ...], keys: str, components: str, value: str | None, keeps_zero: bool = False
) -> Columns:
    own = tuple(key for key in keys.split() if key not in dims)
    return Columns(dims, own, tuple(components.split()), value, keeps_zero)


DURATION = "duration_ms"
SPREAD = "duration_ms duration_ms_min duration_ms_max"

CONTRACT: dict[str, Columns] = {
    # Labelling
    "annotation_timeline": _columns(WORK, "action", "action_count duration_ms", "count"),
    "item_status_timeline": _columns(WORK, "status", "status_count", "count"),
    "avg_annotation_time_per_label": _columns(
        WORK, "label", "duration_ms annotation_count", "ratio"
    ),
    "item_annotation_duration": _columns(WORK, "item_id", DURATION, DURATION),
    "count_item_in_annotation_time_bucket": _columns(ITEMS, "bucket", "item_count", "count"),
    "avg_item_annotation_time_per_annotator": _columns(
        WORK, "user_id", "duration_ms item_count", "ratio"
    ),
    "labeling_counters": _columns(
        WORK,
        "",
        "created_count updated_count deleted_count annotation_count item_count duration_ms",
        None,
    ),
    "labeling_actions_per_label": _columns(WORK, "label action", "action_count", "count"),
    "labeling_time_per_label": _columns(WORK, "label", DURATION, DURATION),
    "labeling_avg_time_per_label": _columns(WORK, "label", "duration_ms action_count", "ratio"),
    "annotation_counters": _columns(WORK, "", "duration_ms item_count annotation_count", None),
    "annotation_whole_time": _columns(WORK, "", DURATION, DURATION),
    "annotation_classify_bulk_time": _columns(WORK, "", DURATION, DURATION),
    # Assignments
    "assignment_stats_completed_status": _columns(
        ASSIGNMENT,
        "status",
        "item_count total_count completed_count remaining_count",
        "count",
        True,
    ),
    "assignment_stats_item_active_time_stats": _columns(
        ASSIGNMENT, "", "item_count active_ms active_ms_min active_ms_max active_ms_median", None
    ),
    "assignment_stats_item_total_time": _columns(WORK, "", "active_ms idle_ms", DURATION),
    "assignment_stats_annotation_action_time_stats": _columns(
        WORK, "action", f"action_count {SPREAD}", "ratio"
    ),
    "assignment_stats_annotation_classify_bulk_stats": _columns(
        WORK, "", "action_count duration_ms", "ratio"
    ),
    "assignment_stats_active_time": _columns(WORK, "", "active_ms", DURATION),
    "assignment_stats_studio_active_time": _columns(WORK, "", "active_ms", DURATION),
    "assignment_start_time": _columns(ASSIGNMENT, "", "start_time", "time"),
    # People
    "active_users": _columns(WORK, "user_id", "event_count", None),
    "user_stats_task_activity_time": _columns(
        WORK, "user_id task_id activity_status", DURATION, DURATION
    ),
    "user_stats_activity_time": _columns(WORK, "user_id activity_status", DURATION, DURATION),
    "user_stats_activity_time_by_role": _columns(WORK, "role", DURATION, DURATION),
    "user_stats_activity_time_by_field": _columns(
        WORK, "user_id activity_status", DURATION, DURATION
    ),
    "user_stats_total_activity_time": _columns(WORK, "", DURATION, DURATION),
    "user_stats_studio_time": _columns(WORK, "", DURATION, DURATION),
    # Issues
    "issue_counters": _columns(WORK, "status", "issue_count", "count", True),
    "issue_correction_time": _columns(WORK, "", f"issue_count {SPREAD}", "ratio"),
    "issue_raise_time": _columns(WORK, "", f"issue_count {SPREAD}", "ratio"),
    "issue_resolve_time": _columns(WORK, "", f"issue_count {SPREAD}", "ratio"),
    "issue_approval_time": _columns(WORK, "", f"issue_count {SPREAD}", "ratio"),
    "issue_timeline": _columns(WORK, "status", "change_count", "count"),
    "issue_per_label": _columns(WORK, "label", "issue_count", "count"),
    "issue_per_annotator": _columns(WORK, "user_id", "issue_count", "count"),
    # Services
    "service_replica_status": _columns(FUNCTIONS, "pod_id", "status restarts_max", "text"),
    "service_queue_size": _columns(
        FUNCTIONS, "service_id", "sample_count queue_sum queue_min queue_max queue_last", "ratio"
    ),
    "service_number_of_replicas": _columns(FUNCTIONS, "service_id", "replica_count", "count"),
    "service_usage": _columns(
        FUNCTIONS, "service_id service_name instance_type", "uptime_ms", "ratio"
    ),
    "service_usage_projects": _columns(
        FUNCTIONS, "project_id service_id service_name instance_type", "uptime_ms", "ratio"
    ),
    # Models and executions
    "snapshot_data": _columns(METRIC, "figure legend x", "y", "number", True),
    "execution_over_time": _columns(RUNS, "status", "change_count", "count"),
    "execution_duration": _columns(RUNS, "", f"execution_count {SPREAD}", "ratio"),
    "execution_count_by_function": _columns(RUNS, "function_name", "execution_count", "count"),
    "execution_avg_duration_by_node": _columns(
        PIPELINES, "node_id", "execution_count duration_ms", "ratio"
    ),
    "pipeline_execution_avg_duration": _columns(
        PIPELINES, "pipeline_id", "execution_count duration_ms", "ratio"
    ),
}


def header(measure: str) -> tuple[str, ...]:
    """Return a relation's columns in order."""
    columns = CONTRACT[measure]
    value = ("value",) if columns.value else ()
    time = ("time_granularity", "period_start")
    return (*time, *columns.dims, *columns.keys, *columns.components, *value)
