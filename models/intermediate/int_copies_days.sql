-- How many rows of each file and UTC day count, and how many are duplicates. A batch is one
-- unit, whether or not its events are events too; so is a row that tells of several samples.
{{ rebuilt_by('event_day') }}
{% set units = [
    ["'cvat_events'", 'stg_cvat__event_copies', 'event_at', 'true'],
    ["'cvat_client_batches'", 'stg_cvat__batch_copies', 'arrived_at', 'true'],
    ['source', 'int_sample_copies', 'started_at', 'is_unit'],
] %}

{% for source, copies, instant, is_unit in units %}
    select
        {{ source }} as source,
        file_id,
        {{ truncate_to('day', instant) }} as event_day,
        cast(sum(cast(is_accepted as integer)) as bigint) as accepted,
        cast(sum(cast(not is_accepted as integer)) as bigint) as duplicates
    from {{ ref(copies) }}
    where {{ is_unit }} and {{ touched(instant) }}
    group by all
    {{ 'union all' if not loop.last }}
{% endfor %}
