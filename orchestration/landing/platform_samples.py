"""Platform samples: one typed check for the shape of dtlpy's reports and the older item events."""

from __future__ import annotations

from orchestration.landing import sql

CONTEXT_IDS = (
    "userId",
    "orgId",
    "projectOrgId",
    "projectId",
    "accountId",
    "datasetId",
    "taskId",
    "assignmentId",
    "itemId",
    "serviceId",
    "podId",
    "modelId",
    "snapshotId",
    "pipelineId",
    "triggerId",
    "pipelineExecutionId",
    "nodeId",
    "pipelineNodeId",
    "ontologyId",
)
"""The context dimensions as they are spelled on the way in."""

ACTIONS: dict[str, tuple[str, ...]] = {
    "service": (),
    "execution": (),
    "pipeline_execution": (),
    "annotation": ("created", "updated", "deleted"),
    "activity": ("active", "idle"),
    "item_status": ("create", "delete"),
    "assignment": ("created", "assigned", "done", "reopened"),
    "issue": ("issue", "review", "approved", "cleared"),
    "model_metric": (),
}
"""eventType -> the actions it can have; none where the action decides nothing."""

NUMBERS: dict[str, tuple[str, ...]] = {
    "service": ("numRestarts", "queueSize", "interval"),
    "execution": ("duration", "functionDuration"),
    "pipeline_execution": ("duration",),
    "annotation": ("duration", "count"),
    "assignment": ("totalItems",),
    "model_metric": ("y",),
}
"""eventType -> the keys of `data` that measures need as numbers."""

_FIELDS = {
    **dict.fromkeys(("startTime", "endTime", "eventType", "entityType", "action"), "VARCHAR"),
    **dict.fromkeys(("context", "data"), "JSON"),
    "time": "VARCHAR",
}
_NUMBER_KEYS = tuple(sorted({key for keys in NUMBERS.values() for key in keys}))


def checked(lines: str, landed_at: str) -> str:
    """Return the samples of a relation (line_number, line), typed.

    A line holds one sample or an array of them. `reason` and `detail` tell why a sample cannot
    be accepted. Times are cut to ms. `landed_at` is an SQL timestamp.
    """
    return f"""
        select
            started_at, ended_at, event_type, entity_type, action,
            context::varchar as context, data::varchar as data,
            line_number, 1 as line_count, sample_number, reason,
            case when in_array then 'Sample ' || sample_number || ' of its line: ' else '' end
                || {_detail()} as detail,
            case when reason is not null then sample end as raw_text
        from (
            select *, {_reason(landed_at)} as reason
            from (
                select *, {_wrong_number()} as wrong_number, {_wrong_id()} as wrong_id
                from ({_typed(lines)})
            )
        )
    """


def _samples(lines: str) -> str:
    """One row a sample, with its fields; the old form has them under other names."""
    array = "starts_with(ltrim(line, e' \\t\\r'), '[')"
    return f"""
        select
            *, json_valid(sample) as valid,
            case when json_valid(sample) then json_type(sample) end as kind,
            case when json_valid(sample)
                then json_transform(sample, {sql.structure(_FIELDS)}) end as s
        from (
            select
                line_number, in_array,
                unnest(samples) as sample,
                generate_subscripts(samples, 1) as sample_number
            from (
                select
                    line_number,
                    json_valid(line) and {array} as in_array,
                    case when json_valid(line) and {array}
                        then json_extract(line, '$[*]')::varchar[] else [line] end as samples
                from ({lines})
            )
        )
    """


def _typed(lines: str) -> str:
    ids = sql.structure(dict.fromkeys((*CONTEXT_IDS, "role"), "JSON"))
    not_data = sql.text(
        "{" + ", ".join(f'"{key}": null' for key in ("action", "time", *CONTEXT_IDS, "role")) + "}"
    )
    time = {"per_second": 1000, "digits": 3}
    numbers = sql.structure(dict.fromkeys(_NUMBER_KEYS, "VARCHAR"))
    context_ids = sql.structure(dict.fromkeys(CONTEXT_IDS, "JSON"))
    return f"""
        select
            *,
            {sql.instant("raw_start", **time)} as started_at,
            {sql.instant("raw_end", **time)} as ended_at,
            case when starts_with(context, '{{') then json_transform(context, {context_ids})
                end as ids,
            case when starts_with(data, '{{') then json_transform(data, {numbers}) end as numbers
        from (
            select
                line_number, in_array, sample, sample_number, valid, kind,
                nullif(coalesce(s."startTime", case when is_old then s.time end), '') as raw_start,
                nullif(coalesce(s."endTime", case when is_old then s.time end), '') as raw_end,
                case when is_old then split_part(s.action, '.', 1) else nullif(s."eventType", '')
                    end as event_type,
                case when is_old then split_part(s.action, '.', 1) else nullif(s."entityType", '')
                    end as entity_type,
                nullif(case when is_old then substr(s.action, strpos(s.action, '.') + 1)
                    else s.action end, '') as action,
                case when is_old
                    then json_merge_patch('{{}}', to_json(json_transform(sample, {ids})))
                    else s.context end::varchar as context,
                case when is_old then json_merge_patch(sample, {not_data})
                    else s.data end::varchar as data
            from (
                select
                    *,
                    coalesce(s."eventType" is null and contains(s.action, '.'), false) as is_old
                from ({_samples(lines)})
            )
        )
    """


def _wrong_number() -> str:
    """The key of `data` that should be a number and is not, null where all are good."""
    return sql.cases(
        (
            f"event_type = '{event_type}' and nullif(numbers.\"{key}\", '') is not null"
            f' and try_cast(numbers."{key}" as double) is null',
            sql.text(key),
        )
        for event_type, keys in NUMBERS.items()
        for key in keys
    )


def _wrong_id() -> str:
    """The key of `context` that should be a text or a number and is not."""
    return sql.cases(
        (f"left(ids.\"{key}\", 1) in ('{{', '[', 't', 'f')", sql.text(key)) for key in CONTEXT_IDS
    )


def _negative(key: str) -> str:
    events = ", ".join(sql.text(name) for name, keys in NUMBERS.items() if key in keys)
    return f'event_type in ({events}) and try_cast(numbers."{key}" as double) < 0'


def _unknown_action() -> str:
    return " or ".join(
        f"event_type = '{event_type}' and coalesce(action, '')"
        f" not in ({', '.join(map(sql.text, actions))})"
        for event_type, actions in ACTIONS.items()
        if actions
    )


def _reason(landed_at: str) -> str:
    known = ", ".join(map(sql.text, ACTIONS))
    latest = sql.latest(landed_at)
    return sql.cases(
        [
            ("not valid", "'not_parseable'"),
            ("kind <> 'OBJECT'", "'not_an_object'"),
            (f"coalesce(event_type, '') not in ({known})", "'unknown_event_type'"),
            (_unknown_action(), "'unknown_action'"),
            ("raw_start is null or raw_end is null", "'missing_time'"),
            ("started_at is null or ended_at is null", "'wrong_type'"),
            (
                f"started_at < {sql.EARLIEST} or ended_at < {sql.EARLIEST}"
                f" or started_at > {latest} or ended_at > {latest}",
                "'timestamp_out_of_range'",
            ),
            ("ended_at < started_at", "'end_before_start'"),
            ("not starts_with(context, '{')", "'wrong_type'"),
            ("not starts_with(data, '{')", "'wrong_type'"),
            ("wrong_id is not null", "'wrong_type'"),
            ("wrong_number is not null", "'wrong_type'"),
            (f"{_negative('duration')} or {_negative('functionDuration')}", "'negative_duration'"),
            (_negative("count"), "'negative_count'"),
        ]
    )


def _detail() -> str:
    missing = "coalesce(''''|| {} || '''', 'missing')"
    wrong_number = sql.cases(
        (
            f"wrong_number = '{key}'",
            f"'data.{key} is ' || {sql.shown(sql.field('numbers', key))}"
            " || ', which is not a number.'",
        )
        for key in _NUMBER_KEYS
    )
    wrong_type = sql.cases(
        [
            (
                "started_at is null",
                f"'startTime is ' || {sql.shown('raw_start')} || ', which is not a time.'",
            ),
            (
                "ended_at is null",
                f"'endTime is ' || {sql.shown('raw_end')} || ', which is not a time.'",
            ),
            (
                "not starts_with(context, '{')",
                f"'context is ' || {sql.shown('context')} || ', which is not a JSON object.'",
            ),
            (
                "not starts_with(data, '{')",
                f"'data is ' || {sql.shown('data')} || ', which is not a JSON object.'",
            ),
            (
                "wrong_id is not null",
                "'context.' || wrong_id || ' is neither a text nor a number.'",
            ),
            ("true", wrong_number),
        ]
    )
    return sql.cases(
        [
            ("reason = 'not_parseable'", "'The line is not valid JSON.'"),
            ("reason = 'not_an_object'", "'It is JSON but not an object.'"),
            (
                "reason = 'unknown_event_type'",
                f"'eventType is ' || {missing.format('event_type')}"
                f" || '; known are {', '.join(ACTIONS)}.'",
            ),
            (
                "reason = 'unknown_action'",
                f"'The action of ' || event_type || ' is ' || {missing.format('action')} || '.'",
            ),
            (
                "reason = 'missing_time'",
                "case when raw_start is null then 'startTime is missing.'"
                " else 'endTime is missing.' end",
            ),
            ("reason = 'wrong_type'", wrong_type),
            (
                "reason = 'timestamp_out_of_range'",
                "'The time ' || raw_start || ' to ' || raw_end"
                " || ' is before 2000 or more than a day after landing.'",
            ),
            (
                "reason = 'end_before_start'",
                "'endTime ' || raw_end || ' is before startTime ' || raw_start || '.'",
            ),
            (
                "reason = 'negative_duration'",
                "'A duration is negative: '"
                " || coalesce(numbers.duration, numbers.\"functionDuration\") || '.'",
            ),
            ("reason = 'negative_count'", "'data.count is ' || numbers.count || '.'"),
        ]
    )
