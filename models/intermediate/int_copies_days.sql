-- How many rows of each file and UTC day count, and how many are duplicates. A batch is one
-- unit, whether or not its events are events too.
{{ rebuilt_by('event_day') }}
{% set sources = {
    'cvat_events': ['stg_cvat__event_copies', 'event_at'],
    'cvat_client_batches': ['stg_cvat__batch_copies', 'arrived_at'],
    'platform_samples': ['stg_platform__sample_copies', 'started_at'],
} %}

{% for source, (copies, instant) in sources.items() %}
    select
        '{{ source }}' as source,
        file_id,
        {{ truncate_to('day', instant) }} as event_day,
        cast(sum(cast(is_accepted as integer)) as bigint) as accepted,
        cast(sum(cast(not is_accepted as integer)) as bigint) as duplicates
    from {{ ref(copies) }}
    where {{ touched(instant) }}
    group by all
    {{ 'union all' if not loop.last }}
{% endfor %}
