{#-
    Every combination of a context's keyed dimensions that occurs in the facts, under the integer that
    roll-ups keep. `facts` maps each fact to the SQL that says whether a row of it is to be looked at.
-#}
{% macro seen_contexts(context, facts) -%}
{%- set key = context ~ '_key' -%}
{%- do depends_on_touched() -%}
with

seen as (

    {%- for fact, is_touched in facts.items() %}
    select distinct
        {{ context_key(context) }} as {{ key }},
        {{ keyed_dimensions(context) | join(', ') }}
    from {{ ref(fact) }}
    where {{ is_touched }}
    {{ 'union distinct' if not loop.last }}
    {%- endfor %}

)

select * from seen
{% if is_incremental() -%}
where {{ key }} not in (select {{ key }} from {{ this }})
{%- endif %}
{%- endmacro %}
