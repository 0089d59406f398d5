"""Captured client batches: one typed check for the envelope and each event in it."""

from __future__ import annotations

from orchestration.landing import sql
from orchestration.landing.schemas import AMOUNTS, CLIENT_EVENT, CLIENT_EVENT_TYPE

_ENVELOPE = ("received_at", "user_id", "user_name", "user_email", "org_id", "org_slug")
_NUMBERS = tuple(name for name, type_ in CLIENT_EVENT.items() if type_ == "BIGINT")
_TIME = {"per_second": 1, "digits": 6}


def checked(lines: str, landed_at: str) -> str:
    """Return batches of a relation (file_id, line_number, line), typed.

    `reason` and `detail` tell why a whole batch is bad, `bad_events` is the list (line_position,
    unit, reason, detail, raw_text) of the events that cannot be accepted; `events` and
    `previous_event` hold the good ones. Times keep microseconds. `landed_at` is an SQL timestamp.
    """
    event_shape = "{" + ", ".join(f'"{name}": "VARCHAR"' for name in CLIENT_EVENT) + "}"
    envelope = ", ".join(f'"{name}": "VARCHAR"' for name in (*_ENVELOPE, "timestamp"))
    shape = sql.text(f'{{"events": [{event_shape}], "previous_event": {event_shape}, {envelope}}}')
    typed = {
        "received_at": ("a time", sql.instant("nullif(b.received_at, '')", **_TIME)),
        "sent_at": ("a time", sql.instant(f"nullif({sql.field('b', 'timestamp')}, '')", **_TIME)),
        "user_id": ("a whole number", sql.whole_number("nullif(b.user_id, '')")),
        "org_id": ("a whole number", sql.whole_number("nullif(b.org_id, '')")),
    }
    keys = {**{name: name for name in typed}, "sent_at": "timestamp"}
    wrong = {
        key: f"nullif({sql.field('b', key)}, '') is not null and {name} is null"
        for name, key in keys.items()
    }
    reason = sql.cases(
        [
            ("not valid", "'not_parseable'"),
            ("kind <> 'OBJECT'", "'not_an_object'"),
            ("coalesce(events_kind, 'NULL') <> 'ARRAY'", "'missing_events'"),
            *((test, "'wrong_type'") for test in wrong.values()),
            (
                f"received_at < {sql.EARLIEST} or received_at > {sql.latest(landed_at)}",
                "'timestamp_out_of_range'",
            ),
        ]
    )
    wrong_type = sql.cases(
        (
            wrong[key],
            f"'{key} of the batch is ' || {sql.shown(sql.field('b', key))}"
            f" || ', which is not {typed[name][0]}.'",
        )
        for name, key in keys.items()
    )
    detail = sql.cases(
        [
            ("reason = 'not_parseable'", "'The line is not valid JSON.'"),
            ("reason = 'not_an_object'", "'The line is JSON but not an object.'"),
            ("reason = 'missing_events'", "'The batch has no list of events.'"),
            ("reason = 'wrong_type'", wrong_type),
            (
                "reason = 'timestamp_out_of_range'",
                "'received_at is ' || b.received_at"
                " || ', before 2000 or more than a day after landing.'",
            ),
        ]
    )
    columns = ", ".join(f"{expression} as {name}" for name, (_, expression) in typed.items())
    texts = ", ".join(
        f"nullif(b.{name}, '') as {name}" for name in ("user_name", "user_email", "org_slug")
    )
    event = ", ".join(f"{sql.name(name)}: c.{sql.name(name)}" for name in CLIENT_EVENT)
    return f"""
        select
            received_at, sent_at, user_id, user_name, user_email, org_id, org_slug,
            case when checks[1].is_there and checks[1].reason is null
                then list_transform(checks[1:1], lambda c: {{{event}}})[1]
            end::{CLIENT_EVENT_TYPE} as previous_event,
            list_transform(
                list_filter(checks[2:], lambda c: c.reason is null), lambda c: {{{event}}}
            )::{CLIENT_EVENT_TYPE}[] as events,
            file_id, line_number, 1 as line_count, reason, detail,
            case when reason is not null then line end as raw_text,
            case when reason is null then list_transform(
                list_filter(checks, lambda c: c.reason is not null),
                lambda c: {{
                    line_position: c.position, unit: 'batch_event', reason: c.reason,
                    detail: case when c.position = 0 then 'Previous event: '
                        else 'Event ' || c.position || ': ' end || c.detail,
                    raw_text: case when c.position = 0
                        then json_extract(line, '$.previous_event')::varchar
                        else json_extract(line, '$.events[' || (c.position - 1) || ']')::varchar
                    end
                }}
            ) end as bad_events
        from (
            select *, {detail} as detail, {_checked_events(landed_at)} as checks
            from (
                select
                    *, {reason} as reason,
                    case when kind = 'OBJECT' then list_concat(
                        [json_type(line, '$.previous_event')], json_type(line, '$.events[*]')
                    ) end as kinds
                from (
                    select
                        file_id, line_number, line, valid, kind, events_kind, b,
                        {columns}, {texts}
                    from (
                        select
                            file_id, line_number, line, json_valid(line) as valid,
                            case when json_valid(line) then json_type(line) end as kind,
                            case when json_valid(line)
                                then json_type(line, '$.events') end as events_kind,
                            case when json_valid(line)
                                then json_transform(line, {shape}) end as b
                        from ({lines})
                    )
                )
            )
        )
    """


def _problem(name: str) -> str:
    if name in AMOUNTS:
        return sql.no_amount(sql.field("t.raw", name))
    return f"'which is not {'a time' if name == 'timestamp' else 'a whole number'}.'"


def _event_value(name: str) -> str:
    raw = f"nullif({sql.field('e', name)}, '')"
    if name == "timestamp":
        return sql.instant(raw, **_TIME)
    if name in AMOUNTS:
        return sql.amount(raw)
    return sql.whole_number(raw) if name in _NUMBERS else raw


def _checked_events(landed_at: str) -> str:
    """Return the list of the previous event and the sent ones, typed, with reason and detail."""
    fields = [f"{sql.name(name)}: {_event_value(name)}" for name in CLIENT_EVENT]
    typed = (
        "list_transform(list_concat([b.previous_event], b.events), lambda e, i:"
        f" {{{', '.join(fields)}, raw: e, position: i - 1, kind: kinds[i]}})"
    )
    is_there = "(t.position > 0 or coalesce(t.kind, 'NULL') <> 'NULL')"
    # The browser's clock may be wrong by years; what counts is the time after the shift to
    # the receiving side's clock.
    shifted = (
        f"({sql.field('t', 'timestamp')}"
        " + to_microseconds(coalesce(epoch_us(received_at) - epoch_us(sent_at), 0)))"
    )
    raw_time = sql.field("t.raw", "timestamp")
    count = sql.field("t", "count")
    working_time = sql.working_time("t.payload")
    wrong = {
        name: f"nullif({sql.field('t.raw', name)}, '') is not null"
        f" and {sql.field('t', name)} is null"
        for name in ("timestamp", *_NUMBERS)
    }
    branches = [
        (f"not {is_there}", "null", "null"),
        (
            "coalesce(t.kind, 'NULL') <> 'OBJECT'",
            "not_an_object",
            "'it is not a JSON object.'",
        ),
        ("t.scope is null", "missing_scope", "'it has no scope.'"),
        (
            f"nullif({raw_time}, '') is null",
            "missing_timestamp",
            "'it has no timestamp.'",
        ),
        *(
            (
                test,
                "wrong_type",
                f"'{name} is ' || {sql.shown(sql.field('t.raw', name))}"
                f" || ', ' || {_problem(name)}",
            )
            for name, test in wrong.items()
        ),
        (
            f"{shifted} < {sql.EARLIEST} or {shifted} > {sql.latest(landed_at)}",
            "timestamp_out_of_range",
            f"'timestamp is ' || {raw_time} || ', before 2000 or more than a day after landing.'",
        ),
        ("t.duration < 0", "negative_duration", "'duration is ' || t.duration || ' ms.'"),
        (f"{count} < 0", "negative_count", f"'count is ' || {count} || '.'"),
        (
            f"not {sql.is_json_object('t.payload')}",
            "payload_not_object",
            f"'payload is ' || {sql.shown('t.payload')} || ', which is not a JSON object.'",
        ),
        (
            sql.no_working_time(working_time),
            "wrong_type",
            f"'payload.working_time is ' || {sql.shown(working_time)}"
            " || ', which is no time in ms.'",
        ),
        (
            f"try_cast({working_time} as decimal(18, 3)) < 0",
            "negative_duration",
            f"'payload.working_time is ' || {sql.shown(working_time)} || ' ms.'",
        ),
    ]
    reason = sql.cases(
        (test, code if code == "null" else sql.text(code)) for test, code, _ in branches
    )
    detail = sql.cases((test, sentence) for test, _, sentence in branches)
    good = ", ".join(
        f"{sql.name(name)}: coalesce(t.duration, 0)"
        if name == "duration"
        else f"{sql.name(name)}: t.{sql.name(name)}"
        for name in CLIENT_EVENT
    )
    return (
        f"case when reason is null then list_transform({typed}, lambda t: {{{good},"
        f" position: t.position, is_there: {is_there}, reason: {reason}, detail: {detail}}}) end"
    )
