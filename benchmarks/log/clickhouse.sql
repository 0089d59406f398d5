-- Rows as CVAT writes them, made in ClickHouse: of ten days, forty people and 2,000 jobs. Every
-- two-hundredth row is equal to the one before it.
insert into cvat.events
with
    number - (number % 200 = 199) as key,
    cityHash64(key) as roll,
    roll % 40 + 2 as person,
    intDiv(roll, 40) % 2000 + 1 as job,
    [
        'change:frame', 'zoom:image', 'draw:object', 'click:element', 'update:shapes', 'save:job'
    ] as scopes,
    scopes[intDiv(roll, 80000) % 6 + 1] as drawn,
    drawn = 'update:shapes' as is_server
select
    drawn as scope,
    if(is_server, 'polygon', null) as obj_name,
    null as obj_id,
    if(drawn = 'click:element', 'cvat-tools-control', null) as obj_val,
    if(is_server, 'server', 'client') as source,
    toDateTime64('2026-01-05 00:00:00.000', 3, 'UTC')
    + toIntervalMillisecond(
        roll % 10 * 86400000 + 25200000 + intDiv(roll, 1000) % 36000000
    ) as timestamp,
    if(is_server, 3, 1) as count,
    if(is_server, 0, intDiv(roll, 7) % 5000) as duration,
    job % 6 + 1 as project_id,
    intDiv(job, 10) + 1 as task_id,
    job as job_id,
    person as user_id,
    concat('annotator-', toString(person)) as user_name,
    concat('annotator-', toString(person), '@labelling.example') as user_email,
    1 as org_id,
    'labelling' as org_slug,
    if(
        is_server,
        concat(
            '{"shapes": [{"id": ', toString(key), ', "frame": ', toString(roll % 900),
            ', "label_id": 3}, {"id": ', toString(key + 1), ', "frame": ', toString(roll % 900),
            ', "label_id": 4}], "request": {"id": "', lower(hex(roll)), '"}}'
        ),
        concat(
            '{"from": ', toString(roll % 900), ', "to": ', toString(roll % 900 + 1),
            ', "step": 1, "client_id": "', toString(roll % 1000000), '", "is_active": true}'
        )
    ) as payload,
    null as access_token_id
from numbers({rows})
