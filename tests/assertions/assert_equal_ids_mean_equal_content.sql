-- A hash that two different contents share would make one of them a duplicate of the other.
{{ config(meta={'dagster': {'ref': {'name': 'stg_cvat__event_copies'}}}) }}
{% set contents = {
    'stg_cvat__event_copies': [
        'scope', 'source', 'object_name', 'object_id', 'object_value', 'event_at', 'object_count',
        'duration_ms', 'user_id', 'org_id', 'project_id', 'task_id', 'assignment_id', 'payload',
    ],
    'stg_cvat__batch_copies': ['received_at', 'sent_at', 'user_id', 'previous_event', 'events'],
    'stg_cvat__resource_copies': ['resource', 'resource_id', 'seen_at', 'is_gone', 'attributes'],
    'stg_platform__sample_copies': [
        'event_type', 'action', 'started_at', 'ended_at', 'status', 'label', 'duration_ms',
        'user_id', 'project_id', 'task_id', 'assignment_id', 'item_id', 'annotation_id',
    ],
    'stg_appraise__score_copies': [
        'user_id', 'item_id', 'task_id', 'payload', 'annotation_id', 'opened_at', 'saved_at',
    ],
    'stg_zooniverse__classification_copies': ['annotation_id', 'opened_at', 'saved_at'],
} %}

{% for relation, content in contents.items() %}
    select
        '{{ relation }}' as relation,
        event_id
    from (
        select distinct
            event_id,
            {{ content | join(', ') }}
        from {{ ref(relation) }}
        where event_id in (
            select copies.event_id
            from {{ ref(relation) }} as copies
            where not copies.is_accepted
        )
    )
    group by event_id
    having count(*) > 1
    {{ 'union all' if not loop.last }}
{% endfor %}
