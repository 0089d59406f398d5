-- One UTC day of the log of a CVAT 2.20 server, in CVAT's own columns.
--
-- Everything is a function of seed and day: no day needs another one to have been written. The
-- unit of work is the batch that a browser posts every 90 s. A shift has 280 of them, 7 blocks of
-- 40: an annotator does one job a block, a reviewer looks through four of yesterday's. What a
-- reviewer sends back is mended on the day after; one shift in eight runs over midnight.

create or replace macro roll(row_key, purpose, sides) as
    cast(hash(row_key, purpose) % sides as bigint);

create or replace macro ms(number) as to_milliseconds(cast(number as bigint));

create or replace macro worker(slot_number, day_of_work, slots) as
    1 + (slot_number + 2 * day_of_work) % (slots * 7 // 5 + 1);

create or replace macro person_name(number) as
    (['amara', 'bruno', 'chiara', 'dmitri', 'elif', 'farid', 'grace', 'hugo', 'ines', 'jonas'])[
        1 + number % 10
    ]
    || '.'
    || (['abebe', 'berg', 'costa', 'duarte', 'eriksen', 'ferrari', 'gomez', 'haddad', 'ito'])[
        1 + number // 10 % 9
    ]
    || case when number >= 90 then cast(number // 90 + 1 as varchar) else '' end;

create or replace macro request_of(row_key) as
    '"request": {"id": "'
    || printf(
        '%08x-%04x-%04x-%04x-%012x', row_key >> 32, row_key >> 16 & 65535, row_key & 65535,
        hash(row_key) >> 48, hash(row_key) & 281474976710655
    )
    || '", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'
    || ' Chrome/129.0.0.0 Safari/537.36"}}';

create or replace macro cvat_day(log_seed, log_day, batch_count, is_first_day) as table
with

projects as (

    select *
    from (
        values
        (0, 'City streets', 'shapes', 'polygon', 1, 'brightline'),
        (1, 'Warehouse shelves', 'shapes', 'rectangle', 1, 'brightline'),
        (2, 'Lane markings', 'shapes', 'polyline', 2, 'meridian'),
        (3, 'Crop rows', 'shapes', 'mask', 2, 'meridian'),
        (4, 'Crossing at noon', 'tracks', 'rectangle', 1, 'brightline'),
        (5, 'Weather', 'tags', null, 2, 'meridian')
    ) as listed (project, project_name, kind, shape, org_id, org_slug)

),

shifts as (

    select
        *,
        date_diff('day', date '2020-01-01', shift_day) as day_number,
        hash(log_seed, shift_day, slot) as shift_key,
        slot % 5 = 4 as is_reviewer
    from (
        select
            unnest([cast(log_day as date) - 1, cast(log_day as date)]) as shift_day,
            (batch_count + 279) // 280 as slot_count
    )
    cross join (
        select unnest(range((batch_count + 279) // 280)) as slot
    )

),

-- Whose work a batch is on: a reviewer takes ten batches for each job of the day before.
planned as (

    select
        *,
        hash(shift_key, number) as key,
        worker(slot, day_number, slot_count) as user_id,
        case when is_reviewer then number % 10 else number % 40 end as step,
        case when is_reviewer then 9 else 39 end as last_step,
        case when is_reviewer then day_number - 1 else day_number end as job_day,
        case when is_reviewer then slot - 4 + number // 70 else slot end as job_slot,
        case when is_reviewer then number // 10 % 7 else number // 40 end as job_block,
        cast(shift_day as timestamp)
        + ms(
            case when slot % 8 = 5 then 72000000 else 18000000 + slot % 5 * 3600000 end
            + roll(shift_key, 'start', 1200000)
            + number * 90000
            -- Coffee, lunch, coffee.
            + case
                when number >= 220 then 4020000
                when number >= 160 then 3420000
                when number >= 90 then 720000
                else 0
            end
        ) as started_at
    from shifts
    cross join (select unnest(range(280)) as number)
    where slot * 280 + number < batch_count

),

batches as (

    select
        *,
        (job_day * 1000 + job_slot) * 10 + job_block as job,
        job_day * 1000 + job_slot as task,
        (job_slot + job_day) % 6 as project,
        worker(job_slot, job_day, slot_count) as author_id,
        job_block * 60 + step * 60 // (last_step + 1) as frame,
        hash(log_seed, job_day, job_slot, job_block) % 10 < 3 as is_sent_back
    from planned
    -- Now and then nobody looks at the screen for a batch.
    where step in (0, last_step) or roll(key, 'away', 100) >= 6

),

opened as (

    select
        *,
        6 + roll(key, 'events', 9) as event_count
    from batches
    where
        started_at >= cast(log_day as date) - interval 4 minutes
        and started_at < cast(log_day as date) + interval 1 day

),

clicks as (

    select
        *,
        hash(key, event_number) as event_key,
        started_at
        + ms((event_number * 1000 + roll(event_key, 'at', 1000)) * 90 // event_count) as event_at,
        roll(event_key, 'scope', 1000) as scope_roll,
        case
            when scope_roll < case when is_reviewer then 620 else 220 end then 'change:frame'
            when scope_roll < case when is_reviewer then 900 else 320 end then 'zoom:image'
            when is_reviewer then 'fit:image'
            when scope_roll < 780 then 'draw:object'
            when scope_roll < 840 then 'drag:object'
            when scope_roll < 900 then 'resize:object'
            when scope_roll < 930 then 'paste:object'
            when scope_roll < 950 then 'delete:object'
            when scope_roll < 965 then 'action:undo'
            when scope_roll < 998 then 'click:element'
            else 'send:exception'
        end as scope,
        frame + event_number * 60 // (event_count * (last_step + 1)) as frame_from
    from (select *, unnest(range(event_count)) as event_number from opened)

),

client_rows as (

    select
        key,
        event_at,
        scope,
        'client' as source,
        case when scope like '%:object' then shape end as obj_name,
        null::bigint as obj_id,
        case when scope = 'click:element' then 'cvat-tools-control' end as obj_val,
        1 as count,
        case
            when scope = 'change:frame' then 150 + roll(event_key, 'duration', 1200)
            when scope = 'draw:object' then 2000 + roll(event_key, 'duration', 5000)
            when scope like '%:object' then 300 + roll(event_key, 'duration', 2500)
            else 0
        end as duration,
        user_id,
        job,
        task,
        project,
        case
            when scope = 'change:frame'
                then
                    '{"from": ' || frame_from || ', "to": ' || (frame_from + 1)
                    || ', "step": 1, '
            when scope = 'send:exception'
                then
                    '{"message": "Cannot read properties of undefined (reading ''points'')",'
                    || ' "filename": "cvat-canvas.js", "line": 2, "column": 318422, '
            else '{'
        end
        || '"client_id": "' || lpad(cast(shift_key % 1000000 as varchar), 6, '0')
        || '", "is_active": true}' as payload
    from clicks
    inner join projects using (project)

),

-- One report for each batch: from the last event of the batch before, where that is near.
reported as (

    select
        any_value(user_id) as user_id,
        any_value(job) as job,
        any_value(task) as task,
        any_value(project) as project,
        key,
        min(event_at) as first_at,
        max(case when scope = 'change:frame' then event_at + ms(duration) else event_at end) as last_at
    from client_rows
    group by key

),

working_times as (

    select
        *,
        lag(last_at) over (partition by user_id order by first_at) as before_at,
        greatest(
            date_diff(
                'millisecond',
                case
                    when before_at > first_at - interval 100 seconds then before_at
                    else first_at
                end,
                last_at
            ), 0
        ) as duration
    from reported

),

-- What else happens in the course of a job: to the job, to its annotations, to its issues.
happenings as (

    select
        *,
        unnest(
            case
                when step = 0
                    then [
                        {
                            'scope': 'load:job', 'after_ms': 0, 'field': null, 'value': null,
                            'old_value': null, 'duration': 700 + roll(key, 'load', 3800)
                        },
                        {
                            'scope': 'update:job', 'after_ms': 200, 'field': 'assignee',
                            'value': '{''id'': ' || user_id || '}',
                            'old_value':
                                case when is_reviewer then '{"id": ' || author_id || '}' end,
                            'duration': 0
                        },
                        {
                            'scope': 'update:job', 'after_ms': 200, 'field': 'state',
                            'value': 'in progress', 'old_value': '"new"', 'duration': 0
                        }
                    ]
                when step < last_step then []
                when not is_reviewer
                    then [
                        {
                            'scope': 'update:job', 'after_ms': 91000, 'field': 'state',
                            'value': 'completed', 'old_value': '"in progress"', 'duration': 0
                        },
                        {
                            'scope': 'update:job', 'after_ms': 93000, 'field': 'stage',
                            'value': 'validation', 'old_value': '"annotation"', 'duration': 0
                        },
                        {
                            'scope': 'update:job', 'after_ms': 93000, 'field': 'state',
                            'value': 'new', 'old_value': '"completed"', 'duration': 0
                        }
                    ]
                when is_sent_back
                    then [
                        {
                            'scope': 'update:job', 'after_ms': 89000, 'field': 'stage',
                            'value': 'annotation', 'old_value': '"validation"', 'duration': 0
                        },
                        {
                            'scope': 'update:job', 'after_ms': 89000, 'field': 'state',
                            'value': 'rejected', 'old_value': '"in progress"', 'duration': 0
                        }
                    ]
                else [
                    {
                        'scope': 'update:job', 'after_ms': 89000, 'field': 'stage',
                        'value': 'acceptance', 'old_value': '"validation"', 'duration': 0
                    },
                    {
                        'scope': 'update:job', 'after_ms': 89000, 'field': 'state',
                        'value': 'completed', 'old_value': '"in progress"', 'duration': 0
                    }
                ]
            end, recursive := true
        )
    from batches

),

saves as (

    select
        *,
        unnest(
            case
                when is_reviewer then []
                -- A detector's boxes come in one go.
                when step = 0 and kind = 'shapes' and roll(key, 'detected', 5) = 0
                    then [
                        {'action': 'create', 'first': 400, 'size': 6 + roll(key, 'boxes', 20)}
                    ]
                when step % 5 < 4 then []
                else [
                    {
                        'action': 'create', 'first': step // 5 * 40,
                        'size': 8 + roll(key, 'created', 20)
                    },
                    {
                        'action': 'update', 'first': (step // 5 - 1) * 40,
                        'size': case when step > 4 then roll(key, 'updated', 4) else 0 end
                    },
                    {
                        'action': 'delete', 'first': (step // 5 - 1) * 40 + 7,
                        'size': case when step > 4 and roll(key, 'deleted', 4) = 0 then 1 end
                    }
                ]
            end, recursive := true
        )
    from batches
    inner join projects using (project)

),

save_rows as (

    select
        key,
        started_at + interval 88 seconds as event_at,
        action || ':' || kind as scope,
        'server' as source,
        shape as obj_name,
        size as count,
        user_id,
        job,
        task,
        project,
        '{"' || kind || '": ['
        || array_to_string(
            list_transform(
                range(size),
                lambda item: '{"id": ' || (job * 1000 + first + item)
                || case
                    when kind = 'tracks'
                        then ', "shapes": [{"id": ' || (job * 10000 + first + item) || '}]'
                    else ''
                end
                || ', "frame": ' || (frame - least(step, 4) * 3 // 2 + item * 5 // size)
                || ', "label_id": '
                || (project * 10 + ([0, 0, 0, 0, 0, 1, 1, 2, 3, 5])[1 + (job + item) % 10]) || '}'
            ), ', '
        )
        || '], ' || request_of(hash(key, action)) as payload
    from saves
    where size > 0

),

function_rows as (

    select
        key,
        started_at as event_at,
        'call:function' as scope,
        'server' as source,
        user_id,
        job,
        task,
        project,
        '{"function": {"id": "onnx-wongkinyiu-yolov7"}, "category": "batch", '
        || request_of(hash(key, 'function')) as payload
    from saves
    where first = 400

),

save_clicks as (

    select
        key,
        started_at + interval 87 seconds as event_at,
        'save:job' as scope,
        'client' as source,
        1 as count,
        350 + roll(key, 'save', 1200) as duration,
        user_id,
        job,
        task,
        project,
        '{"client_id": "' || lpad(cast(shift_key % 1000000 as varchar), 6, '0')
        || '", "is_active": true}' as payload
    from batches
    where not is_reviewer and step % 5 = 4

),

happening_rows as (

    select
        key,
        started_at + ms(after_ms) as event_at,
        scope,
        case when field is null then 'client' else 'server' end as source,
        field as obj_name,
        case when field is not null then job end as obj_id,
        value as obj_val,
        case when field is null then 1 end as count,
        duration,
        user_id,
        job,
        task,
        project,
        case
            when field is null
                then
                    '{"client_id": "' || lpad(cast(shift_key % 1000000 as varchar), 6, '0')
                    || '", "is_active": true}'
            else
                '{"old_value": ' || coalesce(old_value, 'null') || ', '
                || request_of(hash(key, after_ms))
        end as payload
    from happenings

),

-- What was sent back is mended a day later, by whoever drew it.
mended as (

    select
        hash(key, 'mended') as key,
        started_at + interval 1 day as event_at,
        'update:job' as scope,
        'server' as source,
        field as obj_name,
        job as obj_id,
        value as obj_val,
        author_id as user_id,
        job,
        task,
        project,
        '{"old_value": ' || old_value || ', ' || request_of(hash(key, field)) as payload
    from batches
    cross join (
        values ('state', 'completed', '"rejected"'), ('stage', 'acceptance', '"annotation"')
    ) as changes (field, value, old_value)
    where is_reviewer and is_sent_back and step = last_step

),

issues as (

    select
        *,
        job * 10 + step as issue
    from batches
    where
        is_reviewer
        and is_sent_back
        and step not in (0, last_step)
        and roll(key, 'issue', 2) = 0

),

issue_rows as (

    select
        hash(key, action) as key,
        started_at + ms(after_ms) as event_at,
        action as scope,
        'server' as source,
        case when action = 'update:issue' then 'resolved' end as obj_name,
        case when action = 'create:comment' then issue * 10 else issue end as obj_id,
        case when action = 'update:issue' then 'True' end as obj_val,
        case when action = 'update:issue' then author_id else user_id end as user_id,
        job,
        task,
        project,
        case when action = 'update:issue' then '{"old_value": false, ' else '{' end
        || request_of(hash(key, action)) as payload
    from issues
    cross join (
        values
        ('create:issue', 45000), ('create:comment', 45040), ('update:issue', 86400000 + 1800000)
    ) as steps (action, after_ms)

),

-- In the morning the lead opens a task for each annotator, seven jobs each.
opened_tasks as (

    select
        hash(shift_key, part) as key,
        cast(shift_day as timestamp) + ms(14400000 + slot * 5000 + part) as event_at,
        case when part = 0 then 'create:task' else 'create:job' end as scope,
        'server' as source,
        case when part = 0 then project_name || ' batch ' || task end as obj_name,
        case when part = 0 then task else task * 10 + part - 1 end as obj_id,
        1 as user_id,
        case when part > 0 then task * 10 + part - 1 end as job,
        task,
        project,
        '{' || request_of(hash(shift_key, part)) as payload
    from (
        select
            *,
            day_number * 1000 + slot as task,
            (slot + day_number) % 6 as project
        from shifts
        where shift_day = cast(log_day as date) and not is_reviewer
    )
    inner join projects using (project)
    cross join (select unnest(range(8)) as part)

),

founded as (

    select
        hash(log_seed, scope, obj_id) as key,
        cast(log_day as timestamp) + interval 3 hours as event_at,
        scope,
        'server' as source,
        obj_name,
        obj_id,
        1 as user_id,
        project,
        '{' || request_of(hash(log_seed, scope, obj_id)) as payload
    from (
        select
            project,
            'create:project' as scope,
            project_name as obj_name,
            project + 1 as obj_id
        from projects

        union all

        select
            project,
            'create:label' as scope,
            label as obj_name,
            project * 10 + label_number - 1 as obj_id
        from projects
        cross join unnest(
            ['car', 'pedestrian', 'truck', 'bicycle', 'sign', 'other']
        ) with ordinality as labels (label, label_number)
    )
    where is_first_day

),

working_time_rows as (

    select
        key,
        first_at as event_at,
        'send:working_time' as scope,
        'server' as source,
        1 as count,
        duration,
        user_id,
        job,
        task,
        project,
        '{"working_time": ' || duration || ', ' || request_of(key) as payload
    from working_times
    where duration > 0

),

events as (

    select * from client_rows
    union all by name
    select * from working_time_rows
    union all by name
    select * from save_rows
    union all by name
    select * from save_clicks
    union all by name
    select * from function_rows
    union all by name
    select * from happening_rows
    union all by name
    select * from mended
    union all by name
    select * from issue_rows
    union all by name
    select * from opened_tasks
    union all by name
    select * from founded

)

select
    scope,
    obj_name,
    obj_id,
    obj_val,
    source,
    event_at as timestamp,
    count,
    coalesce(duration, 0) as duration,
    project + 1 as project_id,
    task as task_id,
    job as job_id,
    user_id,
    person_name(user_id) as user_name,
    person_name(user_id) || '@labelling.example' as user_email,
    org_id,
    org_slug,
    payload
from events
inner join projects using (project)
where event_at >= cast(log_day as date) and event_at < cast(log_day as date) + interval 1 day
order by timestamp, user_id, scope, key, obj_name;
