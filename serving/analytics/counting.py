"""SQL that gives a family's rows over a planned window: what the measures' views are laid over.

Every read of facts and of roll-ups passes here or through states.py, and carries the Narrowing:
what was asked for in the context, and what the caller may see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from serving.analytics.catalogue import Family
from serving.analytics.windows import Bucket, Plan, Read


@dataclass(frozen=True)
class Narrowing:
    """The rows that count: column -> names of the query parameters that it may equal."""

    allowed: dict[str, list[str]]

    def conditions(self, relation: str = "") -> list[str]:
        """Return them as SQL over the columns of a relation."""
        prefix = f"{relation}." if relation else ""
        return [
            f"{prefix}{column} in ({', '.join('$' + name for name in names)})"
            for column, names in self.allowed.items()
        ]


def rows_of(
    family: Family,
    plan: Plan,
    needed: Collection[str],
    asked: Collection[str],
    narrowing: Narrowing,
) -> str:
    """Return a SELECT of period_start and the needed columns of a family.

    A distinct count among them is one of the dimensions and keys that were asked for, whatever else
    is needed: the other columns are null beside it.
    """
    columns = [name for name in family.columns if name in needed]
    if family.aggregates:
        return _aggregated(family, plan, columns, asked, narrowing)
    parts = [
        _of_rollup(family, read, plan, columns, narrowing)
        if read.stored
        else _of_facts(family, read, plan, columns, narrowing)
        for read in plan.reads
    ]
    return "\nunion all\n".join(parts) or _of_facts(
        family, Read(0, 0, None, 0), plan, columns, narrowing
    )


def instant(at_ms: int) -> str:
    """Return an instant as SQL."""
    at = datetime.fromtimestamp(at_ms // 1000, UTC).replace(microsecond=at_ms % 1000 * 1000)
    return f"timestamp '{at:%Y-%m-%d %H:%M:%S.%f}'"


def start_of(read: Read, column: str) -> str:
    """Return the start of the bucket in which an instant of the read lies, as SQL."""
    if isinstance(read.bucket, int):
        return instant(read.bucket)
    if read.bucket == "listed":
        return "listed.starts_at"
    return f"cast(date_trunc('{read.bucket}', {column}) as timestamp)"


def listed(buckets: list[Bucket]) -> str:
    """Return buckets as a relation: starts_at, first_at and last_at, the part within the window."""

    def instants(values: list[int]) -> str:
        return f"make_timestamp(1000 * unnest([{', '.join(map(str, values))}]::bigint[]))"

    return (
        f"(select {instants([one.starts_ms for one in buckets])} as starts_at,"
        f" {instants([one.start_ms for one in buckets])} as first_at,"
        f" {instants([one.end_ms for one in buckets])} as last_at)"
    )


def _of_rollup(
    family: Family, read: Read, plan: Plan, columns: list[str], narrowing: Narrowing
) -> str:
    own = family.stored
    key = f"{family.context}_key"
    chosen = [f"{'stored' if name in own else 'contexts'}.{name}" for name in columns]
    tables = [f"{family.rollup} as stored"]
    if narrowing.allowed.keys() - own or any(name not in own for name in columns):
        tables.append(
            f"inner join core.dim_{family.context}_contexts as contexts"
            f" on stored.{key} = contexts.{key}"
        )
    start = f"stored.{f'{read.stored}_start' if family.shares_rows else 'period_start'}"
    bucket = instant(read.bucket) if isinstance(read.bucket, int) else start
    if read.bucket == "listed":
        bucket = "hours.starts_at"
        tables.append(
            "inner join (select hour, listed.starts_at from (select unnest(generate_series("
            f"{instant(read.start_ms)}, {instant(read.end_ms)}, interval 1 hour)) as hour)"
            f" asof join {listed(plan.buckets)} as listed on hour >= listed.starts_at) as hours"
            f" on {start} = hours.hour"
        )
    where = [
        *([] if family.shares_rows else [f"stored.time_granularity = '{read.stored}'"]),
        f"{start} >= {instant(read.start_ms)}",
        f"{start} < {instant(read.end_ms)}",
        *(
            condition
            for column, names in narrowing.allowed.items()
            for condition in Narrowing({column: names}).conditions(
                "stored" if column in own else "contexts"
            )
        ),
    ]
    return _select([f"{bucket} as period_start", *chosen], tables, where)


def _of_facts(
    family: Family, read: Read, plan: Plan, columns: list[str], narrowing: Narrowing
) -> str:
    chosen = []
    for name in columns:
        if name in family.components:
            expression, function = family.components[name]
            value = f"coalesce({expression}, 0)" if function == "sum" else expression
            chosen.append(f"cast({value} as bigint) as {name}")
        else:
            chosen.append(name)
    facts = _stretches if family.at is None else _moments
    tables = [f"({facts(family, read, plan, narrowing)}) as facts"]
    return _select(["period_start", *chosen], tables, [])


def _moments(family: Family, read: Read, plan: Plan, narrowing: Narrowing) -> str:
    where = [
        f"({family.where})",
        f"{family.at} >= {instant(read.start_ms)}",
        f"{family.at} < {instant(read.end_ms)}",
        *narrowing.conditions(),
    ]
    tables = [f"(select * from {family.facts} where {' and '.join(where)}) as facts"]
    if read.bucket == "listed":
        tables.append(
            f"asof join {listed(plan.buckets)} as listed on facts.{family.at} >= listed.starts_at"
        )
    return _select(
        ["facts.*", f"{start_of(read, f'facts.{family.at}')} as period_start"], tables, []
    )


def _stretches(family: Family, read: Read, plan: Plan, narrowing: Narrowing) -> str:
    """Stretches cut at the edges of the window and of the buckets."""
    first, last = instant(read.start_ms), instant(read.end_ms)
    where = [
        f"({family.where})",
        f"started_at < {last}",
        f"ended_at > {first}",
        *narrowing.conditions(),
    ]
    cut = (
        f"select * replace (greatest(started_at, {first}) as started_at,"
        f" least(ended_at, {last}) as ended_at) from {family.facts} where {' and '.join(where)}"
    )
    if isinstance(read.bucket, int):
        pieces, start, end = f"({cut}) as facts", instant(read.bucket), "facts.ended_at"
    elif read.bucket == "listed":
        pieces = (
            f"({cut}) as facts inner join {listed(plan.buckets)} as listed"
            " on facts.started_at < listed.last_at and facts.ended_at > listed.first_at"
        )
        start, end = "listed.starts_at", "listed.last_at"
    else:
        unit = f"interval 1 {read.bucket}"
        pieces = (
            "(select *, unnest(generate_series("
            f"cast(date_trunc('{read.bucket}', started_at) as timestamp),"
            f" ended_at - interval 1 millisecond, {unit})) as bucket_start from ({cut})) as facts"
        )
        start, end = "facts.bucket_start", f"facts.bucket_start + {unit}"
    ms = (
        f"cast(epoch_ms(least(facts.ended_at, {end}))"
        f" - epoch_ms(greatest(facts.started_at, {start})) as bigint)"
    )
    if isinstance(read.bucket, int):
        ms = "cast(epoch_ms(facts.ended_at) - epoch_ms(facts.started_at) as bigint)"
    return _select(
        [f"facts.* replace ({ms} as duration_ms)", f"{start} as period_start"], [pieces], []
    )


def _aggregated(
    family: Family,
    plan: Plan,
    columns: list[str],
    asked: Collection[str],
    narrowing: Narrowing,
) -> str:
    is_distinct = any("distinct" in aggregate for aggregate in family.aggregates.values())
    chosen = []
    for name in columns:
        if name in family.aggregates:
            chosen.append(f"{family.aggregates[name]} as {name}")
        elif is_distinct and name in family.dimensions and name not in asked:
            chosen.append(f"cast(null as varchar) as {name}")
        else:
            chosen.append(name)
    (read,) = plan.reads or [Read(0, 0, None, 0)]
    facts = _moments(family, read, plan, narrowing)
    return _select(["period_start", *chosen], [f"({facts}) as facts"], []) + "\ngroup by all"


def _select(columns: list[str], tables: list[str], where: list[str]) -> str:
    text = f"select {', '.join(columns)}\nfrom {' '.join(tables)}"
    return f"{text}\nwhere {' and '.join(where)}" if where else text
