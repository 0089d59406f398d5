-- One UTC day of platform samples, in the shape in which Dataloop's SDK posts them.
--
-- Everything is a function of seed and day. People work on items, some two minutes each; an item
-- is reviewed on the next day, and one in ten comes back with an issue that is approved the day
-- after. Pods are sampled every five minutes. Needs the macros of cvat_day.sql.

create or replace macro platform_day(log_seed, log_day, item_count, pod_sample_count) as table
with

items as (

    select
        *,
        date_diff('day', date '2020-01-01', shift_day) as day_number,
        number // 200 as slot,
        number % 200 as turn,
        hash(log_seed, 'item', shift_day, number) as key,
        cast(shift_day as timestamp)
        + ms(
            21600000 + slot % 4 * 3600000 + turn * 126000
            + case when turn >= 100 then 2700000 else 0 end
        ) as started_at,
        'item-' || day_number || '-' || number as item_id,
        'tsk-' || day_number || '-' || slot as task_id,
        'asg-' || day_number || '-' || slot || '-' || turn // 50 as assignment_id,
        person_name(worker(slot, day_number, (item_count + 199) // 200))
        || '@studio.example' as annotator,
        person_name(worker(slot + 1, day_number + 1, (item_count + 199) // 200))
        || '@studio.example' as reviewer,
        roll(key, 'issue', 10) = 0 as has_issue,
        (['car', 'pedestrian', 'truck', 'bicycle'])[1 + roll(key, 'label', 4)] as label
    from (
        select unnest(
            [cast(log_day as date) - 2, cast(log_day as date) - 1, cast(log_day as date)]
        ) as shift_day
    )
    cross join (select unnest(range(item_count)) as number)

),

-- What becomes of an item: who did what, how long after its start, for how long.
steps as (

    select
        *,
        unnest([
            {'kind': 'activity', 'action': 'active', 'after_s': 0, 'took_s': 60,
             'by_reviewer': false, 'detail': 'studio'},
            {'kind': 'activity', 'action': 'active', 'after_s': 60, 'took_s': 50,
             'by_reviewer': false, 'detail': 'studio'},
            {'kind': 'annotation', 'action': 'created', 'after_s': 22, 'took_s': 0,
             'by_reviewer': false, 'detail': '1'},
            {'kind': 'annotation', 'action': 'created', 'after_s': 48, 'took_s': 0,
             'by_reviewer': false, 'detail': '2'},
            {'kind': 'annotation', 'action': 'created', 'after_s': 77, 'took_s': 0,
             'by_reviewer': false, 'detail': '3'},
            {'kind': 'annotation', 'action': 'created', 'after_s': 101, 'took_s': 0,
             'by_reviewer': false, 'detail': '4'},
            {'kind': 'item_status', 'action': 'create', 'after_s': 110, 'took_s': 0,
             'by_reviewer': false, 'detail': 'completed'},
            {'kind': 'activity', 'action': 'active', 'after_s': 86400, 'took_s': 70,
             'by_reviewer': true, 'detail': 'studio'}
        ]
        || case
            when roll(key, 'idle', 10) = 0
                then [
                    {'kind': 'activity', 'action': 'idle', 'after_s': 110, 'took_s': 15,
                     'by_reviewer': false, 'detail': 'studio'}
                ]
            else []
        end
        || case
            when roll(key, 'updated', 5) = 0
                then [
                    {'kind': 'annotation', 'action': 'updated', 'after_s': 105, 'took_s': 0,
                     'by_reviewer': false, 'detail': '4'}
                ]
            else []
        end
        || case
            when roll(key, 'bulk', 12) = 0
                then [
                    {'kind': 'annotation', 'action': 'created', 'after_s': 8, 'took_s': 0,
                     'by_reviewer': false, 'detail': 'bulk'}
                ]
            else []
        end
        || case
            when has_issue
                then [
                    {'kind': 'item_status', 'action': 'delete', 'after_s': 86470, 'took_s': 0,
                     'by_reviewer': true, 'detail': 'completed'},
                    {'kind': 'issue', 'action': 'issue', 'after_s': 86470, 'took_s': 0,
                     'by_reviewer': true, 'detail': null},
                    {'kind': 'issue', 'action': 'review', 'after_s': 93670, 'took_s': 0,
                     'by_reviewer': false, 'detail': null},
                    {'kind': 'item_status', 'action': 'create', 'after_s': 93671, 'took_s': 0,
                     'by_reviewer': false, 'detail': 'completed'},
                    {'kind': 'issue', 'action': 'approved', 'after_s': 172900, 'took_s': 0,
                     'by_reviewer': true, 'detail': null},
                    {'kind': 'item_status', 'action': 'create', 'after_s': 172901, 'took_s': 0,
                     'by_reviewer': true, 'detail': 'approved'}
                ]
            else [
                {'kind': 'item_status', 'action': 'create', 'after_s': 86470, 'took_s': 0,
                 'by_reviewer': true, 'detail': 'approved'}
            ]
        end
        || case turn % 50
            when 0
                then [
                    {'kind': 'assignment', 'action': 'created', 'after_s': -600, 'took_s': 0,
                     'by_reviewer': false, 'detail': null},
                    {'kind': 'assignment', 'action': 'assigned', 'after_s': -590, 'took_s': 0,
                     'by_reviewer': false, 'detail': null}
                ]
            when 49
                then [
                    {'kind': 'assignment', 'action': 'done', 'after_s': 115, 'took_s': 0,
                     'by_reviewer': false, 'detail': null}
                ]
            else []
        end, recursive := true)
    from items

),

work as (

    select
        *,
        started_at + ms(after_s * 1000) as event_at,
        event_at + ms(took_s * 1000) as ended_at
    from steps
    where event_at >= cast(log_day as date) and event_at < cast(log_day as date) + interval 1 day

),

work_samples as (

    select
        event_at,
        ended_at,
        kind,
        action,
        concat(
            ', "ontologyId": "onto-streets", "userId": "',
            case when by_reviewer then reviewer else annotator end,
            '", "role": "', case when by_reviewer then 'reviewer' else 'annotator' end,
            '", "datasetId": "ds-street", "taskId": "', task_id,
            '", "assignmentId": "', assignment_id,
            case when kind <> 'assignment' then '", "itemId": "' || item_id end, '"'
        ) as context,
        case kind
            when 'activity' then '"surface": "' || detail || '"'
            when 'item_status' then '"status": "' || detail || '"'
            when 'assignment' then '"totalItems": 50, "annotator": "' || annotator || '"'
            when 'issue'
                then
                    '"issueId": "iss-' || item_id || '", "annotationId": "ann-' || item_id
                    || '-4", "label": "' || label || '", "annotator": "' || annotator || '"'
            else
                case when detail = 'bulk' then '"bulk": true, "count": 20, ' else '' end
                || '"annotationId": "ann-' || item_id || '-' || detail || '", "label": "' || label
                || '", "annotationType": "box", "duration": '
                || (9000 + roll(key, detail, 16000)) || ', "source": "ui"'
        end as data
    from work

),

-- Seven items in ten go through a pipeline of two functions when they are completed.
runs as (

    select
        *,
        started_at + interval 111 seconds as run_at,
        1000 + roll(key, 'first', 20000) as first_ms,
        500 + roll(key, 'second', 4000) as second_ms,
        'run-' || item_id as run_id
    from items
    where shift_day = cast(log_day as date) and roll(key, 'pipeline', 10) < 7

),

run_steps as (

    select
        *,
        unnest([
            {'node': 0, 'action': 'pending', 'after_ms': 0, 'duration_ms': null},
            {'node': 0, 'action': 'in-progress', 'after_ms': 900, 'duration_ms': null},
            {'node': 1, 'action': 'created', 'after_ms': 900, 'duration_ms': null},
            {'node': 1, 'action': 'in-progress', 'after_ms': 3000, 'duration_ms': null},
            {'node': 1, 'action': 'success', 'after_ms': 3000 + first_ms, 'duration_ms': first_ms},
            {'node': 2, 'action': 'created', 'after_ms': 3000 + first_ms, 'duration_ms': null},
            {'node': 2, 'action': 'in-progress', 'after_ms': 5000 + first_ms, 'duration_ms': null},
            {'node': 2,
             'action': case when roll(key, 'failed', 30) = 0 then 'failed' else 'success' end,
             'after_ms': 5000 + first_ms + second_ms, 'duration_ms': second_ms},
            {'node': 0,
             'action': case when roll(key, 'failed', 30) = 0 then 'failed' else 'success' end,
             'after_ms': 5000 + first_ms + second_ms,
             'duration_ms': 5000 + first_ms + second_ms}
        ], recursive := true)
    from runs

),

run_samples as (

    select
        run_at + ms(after_ms) as event_at,
        event_at as ended_at,
        case when node = 0 then 'pipeline_execution' else 'execution' end as kind,
        action,
        concat(
            ', "pipelineId": "pipe-intake", "pipelineExecutionId": "', run_id,
            case
                when node > 0
                    then
                        '", "pipelineNodeId": "node-' || node || '", "serviceId": "'
                        || (['svc-prelabel', 'svc-thumbnails'])[node]
                        || '", "triggerId": "trg-item-completed", "itemId": "' || item_id
            end, '"'
        ) as context,
        concat(
            '"status": "', action, '"',
            case
                when node > 0
                    then
                        ', "functionName": "'
                        || (['detect_objects', 'make_thumbnail'])[node] || '"'
            end,
            ', "duration": ' || duration_ms / 1000,
            case
                when node > 0
                    then ', "functionDuration": ' || cast(duration_ms * 0.0009 as decimal(9, 4))
            end
        ) as data
    from run_steps

),

pod_samples as (

    select
        cast(log_day as timestamp) + ms(number % 288 * 300000 + number // 288 * 700) as event_at,
        event_at + interval 5 minutes as ended_at,
        'service' as kind,
        'activity' as action,
        concat(
            ', "serviceId": "', (['svc-prelabel', 'svc-thumbnails'])[1 + number // 288 % 2],
            '", "podId": "pod-', cast(log_day as date), '-', number // 288,
            '", "podType": "', (['gpu-t4', 'regular-s'])[1 + number // 288 % 2],
            '", "serviceType": "regular"'
        ) as context,
        concat(
            '"status": "',
            case
                when number % 288 = 0 then 'initializing'
                when number % 288 = 287 then 'terminating'
                when roll(key, 'status', 500) = 0 then 'failed'
                when roll(key, 'queue', 20) > 17 then 'full'
                else 'running'
            end,
            '", "numRestarts": ', number % 288 // 150,
            ', "cpu": ', (50 + roll(key, 'cpu', 850)) / 1000,
            ', "ram": ', (200 + roll(key, 'ram', 600)) / 1000,
            ', "queueSize": ', roll(key, 'queue', 20),
            ', "numExecutions": ', roll(key, 'executions', 30),
            ', "interval": 300, "concurrencyLimit": 4, "concurrencyCount": ',
            least(4, roll(key, 'queue', 20)),
            ', "cpuLimit": 2, "ramLimit": 8192, "serviceName": "',
            (['prelabel', 'thumbnails'])[1 + number // 288 % 2], '"'
        ) as data
    from (
        select
            number,
            hash(log_seed, 'pod', log_day, number) as key
        from (select unnest(range(pod_sample_count)) as number)
    )

),

-- Once a day a model is trained.
metric_samples as (

    select
        cast(log_day as timestamp) + ms(68400000 + epoch * 300000) as event_at,
        event_at as ended_at,
        'model_metric' as kind,
        'sample' as action,
        ', "modelId": "model-detector", "snapshotId": "snapshot-' || cast(log_day as date)
        || '", "datasetId": "ds-street"' as context,
        '"figure": "loss", "legend": "' || legend || '", "x": ' || epoch
        || ', "y": ' || round(1.4 / epoch ** 0.6 + gap, 4) as data
    from (select unnest(range(1, 11)) as epoch)
    cross join (values ('train', 0.0), ('validation', 0.06)) as legends (legend, gap)

),

samples as (

    select * from work_samples
    union all
    select * from run_samples
    union all
    select * from pod_samples
    union all
    select * from metric_samples

)

select
    epoch_ms(event_at) as "startTime",
    epoch_ms(ended_at) as "endTime",
    cast(
        '{"projectOrgId": "org-brightline", "accountId": "acc-01", "projectId": "prj-streets"'
        || context || '}' as json
    ) as context,
    kind as "eventType",
    kind as "entityType",
    action,
    cast('{' || data || '}' as json) as data
from samples
where event_at >= cast(log_day as date) and event_at < cast(log_day as date) + interval 1 day
order by event_at, kind, action, cast(context as varchar), cast(data as varchar);
