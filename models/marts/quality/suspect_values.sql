-- Accepted values that look like a fault of the tool that wrote them: kept as they are, and named.
{{ rebuilt_by('event_at') }}
with

events as {{ inlined() }} (

    select * from {{ ref('stg_cvat__event_copies') }}
    where is_accepted and {{ touched('event_at') }}

),

samples as (

    select * from {{ ref('int_sample_copies') }}
    where is_accepted and {{ touched('started_at') }}

),

-- Short saves cannot name so many objects, and need no look.
long_saves as (

    select
        *,
        len({{ json_objects(saved_objects('payload'), {'id': 'VARCHAR'}) }}) as named_objects
    from events
    where length(payload) > 500000

),

texts as (

    select
        *,
        {{ unnested(
            "['user_name', 'user_email', 'org_slug', 'object_name', 'object_value']",
            'text_column', 'text_number'
        ) }},
        [user_name, user_email, org_slug, object_name, object_value] as said
    from events
    where
        'nan' in (
            lower(user_name),
            lower(user_email),
            lower(org_slug),
            lower(object_name),
            lower(object_value)
        )

),

suspects as (

    select
        event_id,
        file_id,
        line_number,
        line_position,
        event_at,
        'count' as column_name,
        cast(object_count as varchar) as value,
        'count_wrapped' as suspicion
    from long_saves
    where named_objects > object_count and (named_objects - object_count) % 65536 = 0

    union all

    select
        event_id,
        file_id,
        line_number,
        line_position,
        event_at,
        'count' as column_name,
        cast(object_count as varchar) as value,
        'count_above_65535' as suspicion
    from events
    where object_count > 65535

    union all

    select
        event_id,
        file_id,
        line_number,
        line_position,
        event_at,
        'duration' as column_name,
        cast(duration_ms as varchar) as value,
        'duration_of_weeks' as suspicion
    from events
    where duration_ms > 2147483647

    union all

    select
        event_id,
        file_id,
        line_number,
        line_position,
        event_at,
        'payload.working_time' as column_name,
        cast(working_time_ms as varchar) as value,
        'working_time_above_a_day' as suspicion
    from events
    where working_time_ms > 86400000

    union all

    select
        event_id,
        file_id,
        line_number,
        line_position,
        event_at,
        'payload.visible_shapes_count_diff' as column_name,
        {{ captured_group('payload', '"visible_shapes_count_diff": *(-?[1-9][0-9]*)') }} as value,
        'inverted_sign' as suspicion
    from events
    where
        scope = 'update:tracks'
        and {{ captured_group(
            'payload', '"visible_shapes_count_diff": *(-?[1-9][0-9]*)'
        ) }} is not null

    union all

    select
        event_id,
        file_id,
        line_number,
        line_position,
        event_at,
        'payload' as column_name,
        {{ captured_group('payload', '[:,[] *(-?(?:NaN|Infinity))') }} as value,
        'not_a_number' as suspicion
    from events
    where
        (payload like '%NaN%' or payload like '%Infinity%')
        and {{ captured_group('payload', '[:,[] *(-?(?:NaN|Infinity))') }} is not null

    union all

    select
        event_id,
        file_id,
        line_number,
        line_position,
        event_at,
        text_column as column_name,
        said[text_number] as value,
        'not_a_number' as suspicion
    from texts
    where lower(said[text_number]) = 'nan'

    union all

    select
        event_id,
        file_id,
        line_number,
        sample_number as line_position,
        started_at as event_at,
        'data.y' as column_name,
        cast(y as varchar) as value,
        'not_a_number' as suspicion
    from samples
    where not isfinite(y)

    union all

    select
        event_id,
        file_id,
        line_number,
        sample_number as line_position,
        started_at as event_at,
        not_utf8_columns as column_name,
        not_utf8_text as value,
        'bytes_not_utf8' as suspicion
    from samples
    where is_unit and not_utf8_columns is not null

    union all

    select
        event_id,
        file_id,
        line_number,
        sample_number as line_position,
        started_at as event_at,
        'saved_at' as column_name,
        cast(clock_off_ms as varchar) as value,
        'clock_off' as suspicion
    from samples
    where is_unit and abs(clock_off_ms) > 60000

    union all

    select
        event_id,
        file_id,
        line_number,
        sample_number as line_position,
        started_at as event_at,
        'saved_at' as column_name,
        cast({{ epoch_ms('ended_at') }} - {{ epoch_ms('started_at') }} as varchar) as value,
        'open_for_hours' as suspicion
    from samples
    where
        event_type = 'activity'
        and {{ epoch_ms('ended_at') }} - {{ epoch_ms('started_at') }} > 3600000

),

files as (

    select * from {{ source('lake', 'files') }}

)

select
    suspects.event_id,
    files.file_name,
    suspects.file_id,
    suspects.line_number,
    suspects.line_position,
    suspects.column_name,
    suspects.value,
    suspects.suspicion,
    suspects.event_at
from suspects
inner join files on suspects.file_id = files.file_id
