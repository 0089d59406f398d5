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

VALUES: dict[str, dict[str, str]] = {
    "service": {"numRestarts": "count", "queueSize": "count", "interval": "seconds"},
    "execution": {"duration": "seconds", "functionDuration": "seconds"},
    "pipeline_execution": {"duration": "seconds"},
    "annotation": {"duration": "milliseconds", "count": "count", "bulk": "truth"},
    "assignment": {"totalItems": "count"},
    "model_metric": {"x": "number", "y": "number"},
}
"""eventType -> the keys of `data` that measures need typed -> what each holds."""

_KINDS = {
    "count": (
        f"a number up to {sql.LARGEST:,}",
        f"try_cast({{}} as decimal(18, 3)) <= {sql.LARGEST}",
    ),
    "milliseconds": (
        f"a number up to {sql.LARGEST:,}",
        f"try_cast({{}} as decimal(18, 3)) <= {sql.LARGEST}",
    ),
    "seconds": (
        f"a number below {sql.LARGEST // 1000:,}",
        "try_cast({} as decimal(18, 9)) is not null",
    ),
    "number": ("a number", "try_cast({} as double) is not null"),
    "truth": ("true or false", "try_cast({} as boolean) is not null"),
}
"""What a value of `data` can be -> how a sentence says it, and the test. The decimals are those
that staging reads, so that nothing turns into null there."""

_FIELDS = {
    **dict.fromkeys(("startTime", "endTime", "eventType", "entityType", "action"), "VARCHAR"),
    **dict.fromkeys(("context", "data"), "JSON"),
    "time": "VARCHAR",
}
_VALUE_KEYS = tuple(sorted({key for keys in VALUES.values() for key in keys}))


def checked(lines: str, landed_at: str) -> str:
    """Return the samples of a relation (file_id, line_number, line), typed.

    A line holds one sample or an array of them. `reason` and `detail` tell why a sample cannot
    be accepted. Times are cut to ms. `landed_at` is an SQL timestamp.
    """
    return f"""
        select
            started_at, ended_at, event_type, entity_type, action,
            context::varchar as context, data::varchar as data,
            file_id, line_number, 1 as line_count, sample_number, reason,
            case when in_array then 'Sample ' || sample_number || ' of its line: ' else '' end
                || {_detail()} as detail,
            case when reason is not null then sample end as raw_text
        from (
            select *, {_reason(landed_at)} as reason
            from (
                select
                    *, {_wrong_value()} as wrong_value, {_wrong_id()} as wrong_id,
                    {_negative("seconds", "milliseconds")} as negative_duration,
                    {_negative("count")} as negative_count
                from ({_typed(lines)})
            )
        )
    """


def _samples(lines: str) -> str:
    """One row a sample, with its fields; the old form has them under other names."""
    array = "starts_with(ltrim(line, e' \\t\\r'), '[')"
    return f"""
        select
            *,
            case when valid then json_transform(sample, {sql.structure(_FIELDS)}) end as s
        from (
            select *, json_valid(sample) as valid
            from (
                select
                    file_id, line_number, in_array,
                    unnest(samples) as sample,
                    generate_subscripts(samples, 1) as sample_number
                from (
                    select
                        file_id, line_number, in_array,
                        case when in_array
                            then json_extract(line, '$[*]')::varchar[] else [line] end as samples
                    from (
                        select *, case when {array} then json_valid(line) else false end as in_array
                        from ({lines})
                    )
                )
            )
        )
    """


def _typed(lines: str) -> str:
    ids = sql.structure(dict.fromkeys((*CONTEXT_IDS, "role"), "JSON"))
    not_data = sql.text(
        "{" + ", ".join(f'"{key}": null' for key in ("action", "time", *CONTEXT_IDS, "role")) + "}"
    )
    time = {"per_second": 1000, "digits": 3}
    values = sql.structure(dict.fromkeys(_VALUE_KEYS, "VARCHAR"))
    context_ids = sql.structure(dict.fromkeys(CONTEXT_IDS, "JSON"))
    return f"""
        select
            *,
            {sql.instant("raw_start", **time)} as started_at,
            {sql.instant("raw_end", **time)} as ended_at,
            case when starts_with(context, '{{') then json_transform(context, {context_ids})
                end as ids,
            case when starts_with(data, '{{') then json_transform(data, {values}) end as measured
        from (
            select
                file_id, line_number, in_array, sample, sample_number, valid,
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


def _wrong_value() -> str:
    """What is wrong with the first value of `data` that is not what it should be, else null."""
    return sql.cases(
        (
            f"event_type = '{event_type}' and nullif({_value(key)}, '') is not null"
            f" and not coalesce({_KINDS[kind][1].format(_value(key))}, false)",
            f"'data.{key} is ' || {sql.shown(_value(key))} || ', which is not {_KINDS[kind][0]}.'",
        )
        for event_type, values in VALUES.items()
        for key, kind in values.items()
    )


def _negative(*kinds: str) -> str:
    """What the first negative value of these kinds is, null where there is none."""
    return sql.cases(
        (
            f"event_type = '{event_type}' and try_cast({_value(key)} as double) < 0",
            f"'data.{key} is ' || {_value(key)} || '.'",
        )
        for event_type, values in VALUES.items()
        for key, kind in values.items()
        if kind in kinds
    )


def _value(key: str) -> str:
    return sql.field("measured", key)


def _wrong_id() -> str:
    """The key of `context` that should be a text or a number and is not."""
    return sql.cases(
        (f"left(ids.\"{key}\", 1) in ('{{', '[', 't', 'f')", sql.text(key)) for key in CONTEXT_IDS
    )


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
            (f"not {sql.begins_object('sample')}", "'not_an_object'"),
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
            ("wrong_value is not null", "'wrong_type'"),
            ("negative_duration is not null", "'negative_duration'"),
            ("negative_count is not null", "'negative_count'"),
        ]
    )


def _detail() -> str:
    missing = "coalesce(''''|| {} || '''', 'missing')"
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
            ("true", "wrong_value"),
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
                "'The time from startTime ' || raw_start || ' to endTime ' || raw_end"
                " || ' is before 2000 or more than a day after landing.'",
            ),
            (
                "reason = 'end_before_start'",
                "'endTime ' || raw_end || ' is before startTime ' || raw_start || '.'",
            ),
            ("reason = 'negative_duration'", "negative_duration"),
            ("reason = 'negative_count'", "negative_count"),
        ]
    )
