"""Measures 26-33: issues by state, and the times of their cycles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from .buckets import Calendar, events_by
from .contract import WORK
from .facts import AnnotationAction, Facts, IssueChange
from .rows import Row, pick, ratio, row, spread
from .states import states


def histories(facts: Facts) -> list[list[IssueChange]]:
    """Return each issue's changes in order; at one millisecond by status, text-wise.

    A change that does not say of which issue it is has no part in any life.
    """
    by_issue: dict[str, list[IssueChange]] = defaultdict(list)
    for change in facts.issues:
        if change.issue_id is not None:
            by_issue[change.issue_id].append(change)
    return [sorted(issue, key=lambda c: (c.at_ms, c.status)) for issue in by_issue.values()]


def cycles(history: list[IssueChange]) -> Iterator[tuple[IssueChange, IssueChange | None]]:
    """Yield (opening, last approved or cleared before the next issue or review) of each cycle."""
    opening = ending = None
    for change in history:
        if change.status in ("approved", "cleared"):
            if opening is not None:
                ending = change
            continue
        if ending is not None:
            yield opening, ending
            opening = ending = None
        if opening is None and change.status == "issue":
            opening = change
    if opening is not None:
        yield opening, ending


def openings(facts: Facts) -> list[IssueChange]:
    """Return the change that opened each cycle."""
    return [opening for history in histories(facts) for opening, _ in cycles(history)]


def issue_counters(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    groups: dict[tuple, list[IssueChange]] = defaultdict(list)
    for history in histories(facts):
        groups[pick(history[0].dims, WORK)] += history
    for dims, changes in groups.items():
        for state in states(changes, calendar, lambda c: c.issue_id, lambda c: c.status):
            for status, count in state.counts.items():
                yield row(state.bucket, WORK, dims, status=status, issue_count=count, value=count)


def issue_correction_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    times = []
    for history in histories(facts):
        # An `issue` said again does not enter the state anew.
        entered = [
            change
            for before, change in pairwise([None, *history])
            if not (before and before.status == change.status == "issue")
        ]
        times += _steps(entered, "issue", "review")
    yield from _times(times, calendar)


def issue_approval_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    steps = [step for history in histories(facts) for step in _steps(history, "review", "approved")]
    yield from _times(steps, calendar)


def _steps(history: list[IssueChange], before: str, after: str) -> list[tuple[IssueChange, int]]:
    return [
        (later, later.at_ms - earlier.at_ms)
        for earlier, later in pairwise(history)
        if (earlier.status, later.status) == (before, after)
    ]


def issue_resolve_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    times = [
        (ending, ending.at_ms - opening.at_ms)
        for history in histories(facts)
        for opening, ending in cycles(history)
        if ending is not None
    ]
    yield from _times(times, calendar)


def issue_raise_time(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    times = []
    for opening in openings(facts):
        created = [a.at_ms for a in _creations(facts, opening) if a.at_ms <= opening.at_ms]
        completed = [
            status.at_ms
            for status in facts.statuses
            if status.is_set
            and status.status == "completed"
            and status.dims.item_id is not None
            and status.dims.item_id == opening.dims.item_id
            and status.at_ms <= opening.at_ms
        ]
        since = min(created, default=max(completed, default=None))
        if since is not None:
            times.append((opening, opening.at_ms - since))
    yield from _times(times, calendar)


def _creations(facts: Facts, change: IssueChange) -> list[AnnotationAction]:
    return [
        action
        for action in facts.actions
        if action.action == "created"
        and action.annotation_id is not None
        and action.annotation_id == change.annotation_id
    ]


def _creation(facts: Facts, change: IssueChange) -> AnnotationAction | None:
    return min(_creations(facts, change), key=lambda a: a.at_ms, default=None)


def _times(times: Iterable[tuple[IssueChange, int]], calendar: Calendar) -> Iterator[Row]:
    groups: dict[tuple, list[int]] = defaultdict(list)
    for later, ms in times:
        groups[calendar.start(later.at_ms), pick(later.dims, WORK)].append(ms)
    for (bucket, dims), found in groups.items():
        value = ratio(sum(found), len(found))
        yield row(bucket, WORK, dims, issue_count=len(found), **spread(found), value=value)


def issue_timeline(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    groups = events_by(facts.issues, calendar, lambda c: (pick(c.dims, WORK), c.status))
    for (bucket, (dims, status)), changes in groups.items():
        n = len(changes)
        yield row(bucket, WORK, dims, status=status, change_count=n, value=n)


def issue_per_label(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    counts: Counter[tuple] = Counter()
    for opening in openings(facts):
        creation = _creation(facts, opening)
        label = opening.label
        if label is None and creation is not None:
            label = creation.label
        counts[calendar.start(opening.at_ms), pick(opening.dims, WORK), label] += 1
    for (bucket, dims, label), count in counts.items():
        yield row(bucket, WORK, dims, label=label, issue_count=count, value=count)


def issue_per_annotator(facts: Facts, calendar: Calendar) -> Iterator[Row]:
    counts: Counter[tuple] = Counter()
    for opening in openings(facts):
        creation = _creation(facts, opening)
        author = opening.annotator
        if author is None and creation is not None:
            author = creation.dims.user_id
        if author is not None:
            # The user of these rows is who made the annotation, not who raised the issue.
            dims = opening.dims._replace(user_id=author)
            counts[calendar.start(opening.at_ms), pick(dims, WORK)] += 1
    for (bucket, dims), count in counts.items():
        yield row(bucket, WORK, dims, issue_count=count, value=count)


MEASURES: dict[str, Callable[[Facts, Calendar], Iterator[Row]]] = {
    measure.__name__: measure
    for measure in (
        issue_counters,
        issue_correction_time,
        issue_raise_time,
        issue_resolve_time,
        issue_approval_time,
        issue_timeline,
        issue_per_label,
        issue_per_annotator,
    )
}
