"""A browser tab with CVAT in it: it gathers events and posts them in batches every 90 s.

Receiving a batch is simulated here too: the shift to server time, the stored rows, the working
time of the era (payload.working_time before the upgrade, send:working_time rows after it).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random

from orchestration.demo.clock import ClientEvent, Owner, account, earnings, end_of
from orchestration.demo.people import Person
from orchestration.demo.timeline import DAY_MS, EPOCH, Timeline, iso
from orchestration.demo.truth import Truth, add_working_time
from orchestration.demo.writers import Batch, Outbox, Row, is_stored, put_row

FLUSH_MS = 90_000
NO_JOB: Owner = (None, None, None)
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/129.0.0.0 Safari/537.36"


@dataclass
class Tab:
    """One tab: its clock is `skew_ms` ahead of the server's, the same for the whole session."""

    person: Person
    client_id: str
    skew_ms: int
    next_flush: int  # epoch ms, true time
    org: tuple[int, str]
    rng: Random
    outbox: Outbox
    late_day: int  # the day whose file brings what this tab sends, if that is later
    is_active: bool = True
    events: list[ClientEvent] = field(default_factory=list)
    previous: ClientEvent | None = None


def log(
    tab: Tab,
    now: int,
    scope: str,
    owner: Owner = NO_JOB,
    *,
    started: int | None = None,
    count: int | None = 1,
    duration: int = 0,
    obj_name: str | None = None,
    **payload: object,
) -> None:
    """Log an event at `now` (true epoch ms); one that took long bears the time it `started`."""
    if now > tab.next_flush:
        flush(tab)
        tab.next_flush += FLUSH_MS * -(-(now - tab.next_flush) // FLUSH_MS)
    payload["client_id"] = tab.client_id
    payload["is_active"] = tab.is_active
    at_ms = (now if started is None else started) + tab.skew_ms
    tab.events.append(ClientEvent(scope, obj_name, at_ms, count, duration, owner, payload))


def flush(tab: Tab) -> None:
    """Post what the tab holds, if anything, and let the server store it."""
    if not tab.events:
        return
    events, previous = tab.events, tab.previous
    tab.events, tab.previous = [], events[-1]
    sent_ms = tab.next_flush + tab.skew_ms
    received_us = tab.next_flush * 1000 + tab.rng.randint(40_000, 350_000)
    shift_us = received_us - sent_ms * 1000
    timeline, truth = tab.outbox.timeline, tab.outbox.truth
    if received_us // 1000 // DAY_MS >= timeline.upgrade:
        _store_working_time(tab, events, previous, received_us, shift_us)
        _store_events(tab, events, received_us, shift_us)
    else:
        earned = [ms for _, ms in earnings(events, previous)]
        _store_events(tab, events, received_us, shift_us, earned)
        _note_earned(tab, timeline, truth, events, earned, shift_us)
    day = received_us // 1000 // DAY_MS
    if day >= timeline.capture:
        sums = [
            (owner, ms, (stamp * 1000 + shift_us) // 1000)
            for owner, ms, stamp in account(events, previous)
        ]
        line = _batch_line(tab, events, previous, sent_ms, received_us)
        batch = Batch(line, tab.person.number, sums)
        tab.outbox.batches[max(day, tab.late_day)].append(batch)


def request(rng: Random) -> dict[str, str]:
    """Return the `request` that CVAT writes into a server event's payload."""
    text = f"{rng.getrandbits(128):032x}"
    parts = (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
    return {"id": "-".join(parts), "user_agent": USER_AGENT}


def user_of(person: Person) -> tuple[int, str, str]:
    """Return id, name and email as an event carries them."""
    return (person.number, person.user_name, person.email)


def _store_events(
    tab: Tab,
    events: list[ClientEvent],
    received_us: int,
    shift_us: int,
    earned: list[int] | None = None,
) -> None:
    user = user_of(tab.person)
    for index, event in enumerate(events):
        if event.scope == "user:activity":
            continue
        payload = event.payload
        if earned is not None:
            payload = {**payload, "working_time": earned[index]}
        row = Row(
            received_us,
            event.at_ms * 1000 + shift_us,
            event.scope,
            "client",
            event.owner,
            user,
            tab.org,
            json.dumps(payload),
            obj_name=event.obj_name,
            count=event.count,
            duration=event.duration_ms,
        )
        put_row(tab.outbox, row, tab.late_day)


def _store_working_time(
    tab: Tab,
    events: list[ClientEvent],
    previous: ClientEvent | None,
    received_us: int,
    shift_us: int,
) -> None:
    request_part = request(tab.rng)
    for owner, ms, stamp in account(events, previous):
        if ms == 0:
            continue
        at_us = stamp * 1000 + shift_us
        row = Row(
            received_us,
            at_us,
            "send:working_time",
            "server",
            owner,
            user_of(tab.person),
            tab.org,
            json.dumps({"working_time": ms, "request": request_part}),
            count=1,
            duration=ms,
        )
        put_row(tab.outbox, row, tab.late_day)
        add_working_time(tab.outbox.truth, tab.person.number, at_us // 1000, owner, ms)


def _note_earned(
    tab: Tab,
    timeline: Timeline,
    truth: Truth,
    events: list[ClientEvent],
    earned: list[int],
    shift_us: int,
) -> None:
    # Before the upgrade the time stood at the event's own ids and ended where the event ends.
    for event, ms in zip(events, earned, strict=True):
        at_us = event.at_ms * 1000 + shift_us
        if ms and is_stored(timeline, event.scope, at_us):
            end_ms = (at_us // 1000) + end_of(event) - event.at_ms
            add_working_time(truth, tab.person.number, end_ms - ms, event.owner, ms)


def _batch_line(
    tab: Tab,
    events: list[ClientEvent],
    previous: ClientEvent | None,
    sent_ms: int,
    received_us: int,
) -> str:
    received = EPOCH.fromtimestamp(received_us // 1_000_000, EPOCH.tzinfo)
    user_id, user_name, user_email = user_of(tab.person)
    return json.dumps(
        {
            "events": [_as_sent(event) for event in events],
            "previous_event": _as_sent(previous) if previous else None,
            "timestamp": iso(sent_ms),
            "received_at": f"{received:%Y-%m-%dT%H:%M:%S}.{received_us % 1_000_000:06d}Z",
            "user_id": user_id,
            "user_name": user_name,
            "user_email": user_email,
            "org_id": tab.org[0],
            "org_slug": tab.org[1],
        }
    )


def _as_sent(event: ClientEvent) -> dict[str, object]:
    job_id, task_id, project_id = event.owner
    fields = {
        "scope": event.scope,
        "timestamp": iso(event.at_ms),
        "obj_name": event.obj_name,
        "count": event.count,
        "duration": event.duration_ms,
        "project_id": project_id,
        "task_id": task_id,
        "job_id": job_id,
        "payload": json.dumps(event.payload, separators=(",", ":")),
    }
    return {key: value for key, value in fields.items() if value is not None}
