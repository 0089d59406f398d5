{#-
    A family (macros/families) by hour, day, week and month in rows that periods share: a row stands in
    each period that it names. Most items are worked on in one hour of one day, so that their hour, day,
    week and month are one row, which names all four. Whatever occurs in several hours has a row for each
    hour, which names the longer periods in which it is alone; the others are counted from the facts,
    and so nothing has to add up. `placed_at` is the day on which a row is found.

    Of touched weeks and months the contexts that have a touched day are made anew.
-#}
{% macro shared_by_periods(family) -%}
{%- set key = family.context ~ '_key' -%}
{%- set columns = stored_context(family.context) + family['keys'] -%}
{%- set listed = columns | join(', ') -%}
{%- set periods = ['hour', 'day', 'week', 'month'] -%}
{#- An hour lies within one day, except where a zone's days start between hours. -#}
{%- set joined_periods = periods if is_local('day') else periods[1:] -%}
{#- A week or month that reaches out of the touched ones is counted whole. -#}
{%- set month_ms = 32 * 86400000 -%}
with

{% if is_incremental() -%}
touched_contexts as (

    select {{ rollup_key(family) }} as {{ key }} from {{ this }}
    where {{ touched_in('day', 'placed_at') }}
    union distinct
    select {{ context_key(family.context) }} as {{ key }} from {{ ref(family.facts) }}
    where {{ family.where }} and {{ touched_in('day', family.at) }}

),

{% endif -%}
facts as {{ inlined() }} (

    select
        *,
        {% for period in periods -%}
        {{ bucket_start(period, family.at) }} as {{ period }}_start,
        {% endfor -%}
        {{ context_key(family.context) }} as {{ key }},
        {{ hash_key(dimension_names(family.context) + family['keys']) }} as row_key
    from {{ ref(family.facts) }}
    where
        {{ family.where }}
        {%- if is_incremental() %}
        and {{ in_spans(family.at, touched_periods(), before_ms=month_ms, after_ms=month_ms) }}
        and {{ context_key(family.context) }} in (
            select touched_contexts.{{ key }} from touched_contexts
        )
        {%- endif %}

),

in_several_hours as (

    select row_key from facts
    group by row_key
    having min(hour_start) < max(hour_start) or min(day_start) < max(day_start)

),

several as (

    select * from facts
    where row_key in (select in_several_hours.row_key from in_several_hours)

),

hours_of_several as (

    select
        hour_start,
        day_start,
        week_start,
        month_start,
        {{ listed }},
        {%- for period in periods %}
        count(*) over (partition by {{ period }}_start, {{ listed }}) = 1 as is_alone_in_{{ period }},
        {%- endfor %}
        {{ family_aggregates(family) }}
    from several
    group by hour_start, day_start, week_start, month_start, {{ listed }}

),

shared as (

    select
        day_start as placed_at,
        hour_start,
        day_start,
        {{ bucket_start('week', 'day_start') }} as week_start,
        {{ bucket_start('month', 'day_start') }} as month_start,
        {%- for name in columns %}
        any_value({{ name }}) as {{ name }},
        {%- endfor %}
        {{ family_aggregates(family) }}
    from facts
    where row_key not in (select in_several_hours.row_key from in_several_hours)
    -- Nearly every row is a group of its own: a short key lets many of them be counted in little memory.
    group by hour_start, day_start, row_key

    union all

    select
        day_start as placed_at,
        {%- for period in periods %}
        case when is_alone_in_{{ period }} then {{ period }}_start end as {{ period }}_start,
        {%- endfor %}
        {{ listed }},
        {{ counted_columns(family) | join(', ') }}
    from hours_of_several
    where {{ 'is_alone_in_' ~ periods | join(' or is_alone_in_') }}

    {% for joined in joined_periods %}
    union all

    select
        {{ 'min(day_start)' if joined == 'hour' else joined ~ '_start' }} as placed_at,
        {%- for period in periods %}
        {{ joined ~ '_start' if period == joined else 'cast(null as timestamp) as ' ~ period ~ '_start' }},
        {%- endfor %}
        {{ listed }},
        {{ family_aggregates(family) }}
    from several
    group by {{ joined }}_start, {{ listed }}
    having min(hour_start) < max(hour_start) or min(day_start) < max(day_start)

    {% endfor %}
)

{{ stored_rows('shared', family, by=['placed_at', 'hour_start']) }}
{%- endmacro %}
