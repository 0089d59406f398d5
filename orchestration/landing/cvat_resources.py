"""What a pull of CVAT's API saw: one typed check for lines of JSON, one resource a line."""

from __future__ import annotations

from orchestration.landing import sql

RESOURCES = ("organization", "project", "task", "job", "label", "user", "issue")
"""The kinds of resource, by CVAT's own words."""

VALUES: dict[str, str] = {
    **dict.fromkeys(("organization", "owner", "assignee", "project_id", "task_id"), "number"),
    **dict.fromkeys(("job", "parent_job_id", "parent_id"), "number"),
    **dict.fromkeys(("size", "frame_count", "start_frame", "stop_frame", "frame"), "number"),
    **dict.fromkeys(("is_active", "is_staff", "resolved"), "truth"),
    **dict.fromkeys(("created_date", "date_joined"), "time"),
}
"""Key of `attributes` -> what it holds, where that is not any text. The keys are those of CVAT's
API; where the API shows a user, the user's id stands here."""

_TIME = {"per_second": 1, "digits": 3}
_KINDS = {
    "number": (f"a whole number up to {sql.LARGEST:,}", sql.amount),
    "truth": ("true or false", lambda value: f"try_cast({value} as boolean)"),
    "time": ("a time", lambda value: f"nullif(isfinite(try_cast({value} as timestamp)), false)"),
}
"""What a value can be -> how a sentence says it, and the expression that is null where it is not.
All that passes is what staging reads."""

_FIELDS = {
    **dict.fromkeys(("resource", "id", "seen_at", "is_gone", "server", "organization"), "VARCHAR"),
    "attributes": "JSON",
}


def checked(lines: str, landed_at: str) -> str:
    """Return the resources of a relation (file_id, line_number, line), typed.

    `reason` and `detail` tell why one cannot be accepted. Times are cut to ms. `landed_at` is an
    SQL timestamp. A resource that is gone has no attributes.
    """
    known = ", ".join(map(sql.text, RESOURCES))
    reason = sql.cases(
        [
            ("not valid", "'not_parseable'"),
            ("kind <> 'OBJECT'", "'not_an_object'"),
            (f"coalesce(r.resource, '') not in ({known})", "'unknown_resource'"),
            ("nullif(r.id, '') is null", "'missing_id'"),
            ("nullif(r.seen_at, '') is null", "'missing_timestamp'"),
            ("wrong is not null", "'wrong_type'"),
            (
                f"seen_at < {sql.EARLIEST} or seen_at > {sql.latest(landed_at)}",
                "'timestamp_out_of_range'",
            ),
        ]
    )
    detail = sql.cases(
        [
            ("reason = 'not_parseable'", "'The line is not valid JSON.'"),
            ("reason = 'not_an_object'", "'The line is JSON but not an object.'"),
            (
                "reason = 'unknown_resource'",
                f"coalesce('resource is ' || {sql.shown('r.resource')}, 'There is no resource')"
                f" || '; known are {', '.join(RESOURCES)}.'",
            ),
            ("reason = 'missing_id'", "'The resource has no id.'"),
            ("reason = 'missing_timestamp'", "'The resource has no seen_at.'"),
            ("reason = 'wrong_type'", "wrong"),
            (
                "reason = 'timestamp_out_of_range'",
                "'seen_at is ' || r.seen_at || ', before 2000 or more than a day after landing.'",
            ),
        ]
    )
    return f"""
        select
            r.resource as resource, resource_id, seen_at, is_gone,
            nullif(r.server, '') as server, nullif(r.organization, '') as organization,
            case when not is_gone then r.attributes::varchar end as attributes,
            file_id, line_number, 1 as line_count, reason, {detail} as detail,
            case when reason is not null then line end as raw_text
        from (
            select *, {reason} as reason
            from (select *, {_wrong()} as wrong from ({_typed(lines)}))
        )
    """


def _typed(lines: str) -> str:
    attributes = sql.structure(dict.fromkeys(VALUES, "VARCHAR"))
    return f"""
        select
            *,
            {sql.whole_number("nullif(r.id, '')")} as resource_id,
            {sql.instant("nullif(r.seen_at, '')", **_TIME)} as seen_at,
            case when nullif(r.is_gone, '') is null then false
                else try_cast(r.is_gone as boolean) end as is_gone,
            case when starts_with(r.attributes::varchar, '{{')
                then json_transform(r.attributes, {attributes}) end as a
        from (
            select
                file_id, line_number, line, json_valid(line) as valid,
                case when json_valid(line) then json_type(line) end as kind,
                case when json_valid(line)
                    then json_transform(line, {sql.structure(_FIELDS)}) end as r
            from ({lines})
        )
    """


def _wrong() -> str:
    """Return the sentence about the first value that is not what it should be, else null."""
    return sql.cases(
        [
            _unless("resource_id is not null", "id", "r.id", "a whole number"),
            _unless("seen_at is not null", "seen_at", "r.seen_at", "a time"),
            _unless("is_gone is not null", "is_gone", "r.is_gone", "true or false"),
            (
                "not is_gone and a is null",
                "'The resource is not gone, and its attributes are no JSON object.'",
            ),
            *(
                _unless(
                    f"nullif({raw}, '') is null or ({typed(raw)}) is not null",
                    f"attributes.{key}",
                    raw,
                    said,
                )
                for key, kind in VALUES.items()
                for said, typed in [_KINDS[kind]]
                for raw in [sql.field("a", key)]
            ),
        ]
    )


def _unless(test: str, name: str, raw: str, said: str) -> tuple[str, str]:
    sentence = f"'{name} is ' || {sql.shown(raw)} || ', which is not {said}.'"
    return f"not ({test})", sentence
