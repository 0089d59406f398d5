select
    toMonday(timestamp) as week,
    toString(JSONExtractUInt(
        arrayJoin(JSONExtractArrayRaw(
            assumeNotNull(payload), substring(scope, position(scope, ':') + 1)
        )),
        'label_id'
    )) as label,
    concat(substring(scope, 1, position(scope, ':') - 1), 'd') as action,
    count() as actions
from cvat.events
where
    scope in (
        'create:shapes', 'create:tracks', 'create:tags',
        'update:shapes', 'update:tracks', 'update:tags',
        'delete:shapes', 'delete:tracks', 'delete:tags'
    )
    and timestamp >= toDateTime64('{weeks}', 3, 'Etc/UTC')
    and timestamp < toDateTime64('{week_end}', 3, 'Etc/UTC')
    and org_id = 1
group by week, label, action
