select
    toStartOfMonth(resolved.at) as month,
    count() as issues,
    sum(dateDiff('millisecond', raised.at, resolved.at)) as duration_ms,
    min(dateDiff('millisecond', raised.at, resolved.at)) as shortest_ms,
    max(dateDiff('millisecond', raised.at, resolved.at)) as longest_ms
from (
    select obj_id, max(timestamp) as at
    from cvat.events
    where
        scope = 'update:issue' and obj_name = 'resolved' and obj_val = 'True' and org_id = 1
        and timestamp >= toDateTime64('{year}', 3, 'Etc/UTC')
        and timestamp < toDateTime64('{end}', 3, 'Etc/UTC')
    group by obj_id
) as resolved
inner join (
    select obj_id, min(timestamp) as at
    from cvat.events
    where scope = 'create:issue' and org_id = 1
    group by obj_id
) as raised using (obj_id)
group by month
