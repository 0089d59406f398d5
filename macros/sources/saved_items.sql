{#-
    The samples that rows tell of which say when an item was opened and when it was saved: the stretch
    of work in between, the annotation that was saved and took that long and, where saving an item
    completes it, its status. `relation` is a model made with with_copies. They are kept as a table:
    what reads samples of all sources would else put all this together in each question anew.
-#}
{% macro saved_items(relation, completes=false) -%}
{%- set told = ['activity', 'annotation'] + (['item_status'] if completes else []) -%}
with

saves as (

    select
        *,
        {{ unnested("['" ~ told | join("', '") ~ "']", 'event_type', 'sample_number') }}
    from {{ relation }}

),

samples as (

    select
        file_id,
        line_number,
        sample_number,
        sample_number = 1 as is_unit,
        is_accepted,
        {{ hash_key(['event_id', 'sample_number']) }} as event_id,

        event_type,
        case event_type
            when 'activity' then 'active'
            when 'annotation' then 'created'
            else 'create'
        end as action,
        case when event_type = 'activity' then 'studio' end as surface,
        case when event_type = 'item_status' then 'completed' end as status,
        case when event_type = 'annotation' then label end as label,
        case when event_type = 'annotation' then annotation_type end as annotation_type,
        case when event_type = 'annotation' then 'ui' end as annotation_source,
        case when event_type = 'annotation' then annotation_id end as annotation_id,
        case when event_type = 'annotation' then payload end as payload,

        user_id,
        user_name,
        task_id,
        assignment_id,
        item_id,

        case
            when event_type = 'annotation'
                then cast({{ epoch_ms('saved_at') }} - {{ epoch_ms('opened_at') }} as bigint)
        end as duration_ms,

        not_utf8_columns,
        not_utf8_text,
        clock_off_ms,

        case when event_type = 'activity' then opened_at else saved_at end as started_at,
        saved_at as ended_at
    from saves

)

select * from samples
where {{ touched('started_at') }}
{%- endmacro %}
