select
    toString(JSONExtractUInt(
        arrayJoin(JSONExtractArrayRaw(
            assumeNotNull(payload), substring(scope, position(scope, ':') + 1)
        )),
        'label_id'
    )) as label,
    count() as actions
from cvat.events
where
    scope in ('create:shapes', 'create:tracks', 'create:tags')
    and timestamp >= toDateTime64('{four_weeks}', 3, 'Etc/UTC')
    and timestamp < toDateTime64('{end}', 3, 'Etc/UTC')
    and org_id = 1
group by label
order by actions desc, label
limit 10
