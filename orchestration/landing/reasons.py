"""Why something is in quarantine: the reason codes, each with the sentence that explains it."""

from __future__ import annotations

REASONS: dict[str, str] = {
    "not_parseable": "The line is not valid CSV or JSON.",
    "not_utf8": "The line holds bytes that are not UTF-8.",
    "wrong_column_count": "The record has more or fewer columns than it should.",
    "unclosed_quote": "A quote opens in the line and no later line closes it properly.",
    "not_an_object": "The JSON value is not an object.",
    "missing_scope": "The event has no scope.",
    "missing_timestamp": "The event has no timestamp, or the resource no seen_at.",
    "missing_id": "The resource has no id.",
    "missing_time": "There is no start or no end time.",
    "missing_events": "The client batch has no list of events.",
    "timestamp_out_of_range": "The time is before 2000 or more than a day after landing.",
    "wrong_type": "A value is not of the type that its column or key has.",
    "negative_duration": "A duration is negative.",
    "negative_count": "A count is negative.",
    "payload_not_object": "The payload is not a JSON object.",
    "unknown_resource": "The kind of the resource is not one that the warehouse knows.",
    "unknown_event_type": "The sample's eventType is not one that the warehouse knows.",
    "unknown_action": "The sample's action is not one that its eventType has.",
    "end_before_start": "It ends before it starts.",
}
