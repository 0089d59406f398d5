-- Every copy of every platform sample, typed and named, its JSON parsed once.
{{ rebuilt_by('started_at') }}
with

landed as (

    select * from {{ source('lake', 'platform_samples') }}
    where {{ touched('started_at') }}

),

parsed as (

    select
        *,
        {{ json_texts('context', [
            '$.userId', '$.orgId', '$.projectOrgId', '$.projectId', '$.accountId',
            '$.datasetId', '$.taskId', '$.assignmentId', '$.itemId', '$.serviceId',
            '$.podId', '$.modelId', '$.snapshotId', '$.pipelineId', '$.triggerId',
            '$.pipelineExecutionId', '$.nodeId', '$.pipelineNodeId', '$.ontologyId',
            '$.role', '$.podType', '$.serviceType', '$.serviceName',
        ]) }} as context_fields,
        {{ json_texts('data', [
            '$.status', '$.annotationId', '$.label', '$.annotationType', '$.duration',
            '$.count', '$.bulk', '$.source', '$.surface', '$.totalItems',
            '$.annotator', '$.issueId', '$.numRestarts', '$.queueSize', '$.interval',
            '$.functionName', '$.functionDuration', '$.nodeStatus', '$.figure',
            '$.legend', '$.x', '$.y', '$.serviceName',
        ]) }} as data_fields
    from landed

),

named as (

    select
        file_id,
        line_number,
        sample_number,

        event_type,
        entity_type,
        action,
        nullif(context_fields[20], '') as role,
        nullif(context_fields[21], '') as pod_type,
        nullif(context_fields[22], '') as service_type,
        coalesce(nullif(data_fields[23], ''), nullif(context_fields[23], '')) as service_name,
        data_fields[1] as status,
        data_fields[3] as label,
        data_fields[4] as annotation_type,
        data_fields[8] as annotation_source,
        data_fields[9] as surface,
        data_fields[11] as annotator,
        data_fields[16] as function_name,
        data_fields[18] as node_status,
        data_fields[19] as figure,
        data_fields[20] as legend,

        nullif(context_fields[1], '') as user_id,
        coalesce(nullif(context_fields[2], ''), nullif(context_fields[3], '')) as org_id,
        nullif(context_fields[4], '') as project_id,
        nullif(context_fields[5], '') as account_id,
        nullif(context_fields[6], '') as dataset_id,
        nullif(context_fields[7], '') as task_id,
        nullif(context_fields[8], '') as assignment_id,
        nullif(context_fields[9], '') as item_id,
        nullif(context_fields[10], '') as service_id,
        nullif(context_fields[11], '') as pod_id,
        nullif(context_fields[12], '') as model_id,
        nullif(context_fields[13], '') as snapshot_id,
        nullif(context_fields[14], '') as pipeline_id,
        nullif(context_fields[15], '') as trigger_id,
        nullif(context_fields[16], '') as pipeline_execution_id,
        coalesce(nullif(context_fields[17], ''), nullif(context_fields[18], '')) as node_id,
        nullif(context_fields[19], '') as ontology_id,
        nullif(data_fields[2], '') as annotation_id,
        nullif(data_fields[12], '') as issue_id,

        {{ whole_number('data_fields[6]') }} as annotation_count,
        {{ whole_number('data_fields[10]') }} as total_items,
        {{ whole_number('data_fields[13]') }} as restart_count,
        {{ whole_number('data_fields[14]') }} as queue_size,
        case
            when event_type in ('execution', 'pipeline_execution')
                then {{ seconds_to_ms('data_fields[5]') }}
            else {{ whole_number('data_fields[5]') }}
        end as duration_ms,
        {{ seconds_to_ms('data_fields[17]') }} as function_duration_ms,
        {{ seconds_to_ms('data_fields[15]') }} as sample_interval_ms,
        try_cast(data_fields[21] as double) as x,
        try_cast(data_fields[22] as double) as y,

        coalesce(try_cast(data_fields[7] as boolean), false) as is_bulk,
        true as is_unit,

        started_at,
        ended_at
    from parsed

)

{{ with_copies(
    'named',
    content=[
        'event_type', 'entity_type', 'action', 'role', 'pod_type', 'service_type',
        'service_name', 'status', 'label', 'annotation_type', 'annotation_source',
        'surface', 'annotator', 'function_name', 'node_status', 'figure', 'legend',
        'user_id', 'org_id', 'project_id', 'account_id', 'dataset_id',
        'task_id', 'assignment_id', 'item_id', 'service_id', 'pod_id', 'model_id',
        'snapshot_id', 'pipeline_id', 'trigger_id', 'pipeline_execution_id',
        'node_id', 'ontology_id', 'annotation_id', 'issue_id', 'annotation_count',
        'total_items', 'restart_count', 'queue_size', 'duration_ms',
        'function_duration_ms', 'sample_interval_ms', 'x', 'y', 'is_bulk', 'started_at',
        'ended_at',
    ],
    position='line_number, sample_number',
) }}
