"""SQL that says how many were in which status at the end of a bucket, from changes of +1 and -1.

What the roll-ups of states say of whole buckets of the warehouse, of any buckets and any slice. A
bucket in which the slice changed shows all statuses that it has had, one that fell to nothing as 0.
A window that is one bucket shows the state at its end, whether or not it changed within.
"""

from __future__ import annotations

from serving.analytics.counting import instant, listed, start_of
from serving.analytics.windows import Plan


def state_rows(changes: str, group: list[str], plan: Plan, count: str) -> str:
    """Return a SELECT of period_start, period_end, the group, status, and the count under its name.

    `changes` is a SELECT of the group, status, delta and changed_at, of all time.
    """
    (read,) = plan.reads
    start, end = instant(read.start_ms), instant(read.end_ms)
    groups = "".join(f"{name}, " for name in group)
    if isinstance(read.bucket, int):
        return (
            f"select {start} as period_start, {end} as period_end, {groups}status,"
            f" cast(sum(delta) as bigint) as {count}"
            f" from ({changes}) where changed_at < {end} group by all"
        )
    joined = ""
    if read.bucket == "listed":
        joined = (
            f" asof left join {listed(plan.buckets)} as listed on changed_at >= listed.starts_at"
        )
        period_end = "listed.last_at"
    else:
        period_end = f"least({start_of(read, 'changed_at')} + interval 1 {read.bucket}, {end})"
    before = "timestamp '0001-01-01'"
    same = " and ".join(f"one.{name} is not distinct from other.{name}" for name in group) or "true"
    of_one = "".join(f"one.{name}, " for name in group)
    return f"""
with deltas as (
    select
        case when changed_at < {start} then {before} else {start_of(read, "changed_at")} end
            as period_start,
        case when changed_at < {start} then {before} else {period_end} end as period_end,
        {groups}status, sum(delta) as delta
    from ({changes}){joined}
    where changed_at < {end}
    group by all
),
periods as (select distinct {groups}period_start, period_end from deltas),
statuses as (
    select {groups}status, min(period_start) as first_start from deltas group by all
),
grid as (
    select one.period_start, one.period_end, {of_one}other.status
    from periods as one
    inner join statuses as other on {same} and one.period_start >= other.first_start
),
counted as (
    select
        one.period_start, one.period_end, {of_one}one.status,
        cast(sum(coalesce(other.delta, 0)) over (
            partition by {of_one}one.status order by one.period_start
            rows between unbounded preceding and current row
        ) as bigint) as {count}
    from grid as one
    left join deltas as other
        on {same} and one.period_start = other.period_start and one.status = other.status
)
select period_start, period_end, {groups}status, {count} from counted
where period_start <> {before}
"""
