{#-
    A family (macros/families) by hour, day, week and month, each counted from the facts: what does not
    add up over periods. Of a touched week or month only the contexts of touched days are made anew.
-#}
{% macro counted_anew(family) -%}
{%- set key = family.context ~ '_key' -%}
{%- set context = stored_context(family.context) -%}
{%- set of_touched_contexts = family -%}
{%- if is_incremental() -%}
    {%- set of_touched_contexts = dict(
        family,
        where=family.where ~ ' and ' ~ key ~ ' in (select ' ~ key ~ ' from touched_contexts)',
    ) -%}
{%- endif -%}
with

days as (

    {{ counted_in_buckets(family, 'day', context) }}

)

{%- if is_incremental() %},

touched_contexts as (

    {{ touched_contexts(key, 'days') }}

)
{%- endif %}

{{ counted_in_buckets(family, 'hour', context) }}

union all

select * from days

union all

{{ counted_in_buckets(of_touched_contexts, 'week', context) }}

union all

{{ counted_in_buckets(of_touched_contexts, 'month', context) }}
{%- endmacro %}
