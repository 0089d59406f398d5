select
    toStartOfMonth(timestamp) as month,
    concat(substring(scope, 1, position(scope, ':') - 1), 'd') as action,
    sum(coalesce(count, 1)) as actions
from cvat.events
where
    scope in (
        'create:shapes', 'create:tracks', 'create:tags',
        'update:shapes', 'update:tracks', 'update:tags',
        'delete:shapes', 'delete:tracks', 'delete:tags'
    )
    and timestamp >= toDateTime64('{year}', 3, 'Etc/UTC')
    and timestamp < toDateTime64('{end}', 3, 'Etc/UTC')
    and org_id = 1
group by month, action
