{#-
    A family (macros/families) at all six granularities, one row for each bucket, context and keys: its
    roll-up from hour to month, under the names of its context, and at second and minute counted
    from the facts, where a roll-up would be no smaller.
-#}
{% macro at_all_granularities(rollup, family) -%}
{%- set names = dimension_names(family.context) -%}
{%- set keyed = keyed_dimensions(family.context) -%}
{%- set key = family.context ~ '_key' -%}
{#- [granularity, start, which rows] of each step: one for all, or one for each period a row may name. -#}
{%- set steps = [] -%}
{%- if family.shares_rows -%}
    {%- for period in ['hour', 'day', 'week', 'month'] -%}
        {%- set start = 'rollup.' ~ period ~ '_start' -%}
        {%- do steps.append(["'" ~ period ~ "'", start, start ~ ' is not null']) -%}
    {%- endfor -%}
{%- else -%}
    {%- do steps.append([
        'rollup.time_granularity', 'rollup.period_start', held_in_rollups('rollup.time_granularity')
    ]) -%}
{%- endif -%}
{% for granularity in ['second', 'minute'] %}
{{ counted_in_buckets(family, granularity, names) }}

union all

{% endfor %}
{% for granularity, start, condition in steps %}
select
    {{ granularity }} as time_granularity,
    {{ start }} as period_start,
    {%- for name in names %}
    {{ 'contexts' if name in keyed else 'rollup' }}.{{ name }},
    {%- endfor %}
    rollup.{{ (family['keys'] + counted_columns(family)) | join(',\n    rollup.') }}
from {{ ref(rollup) }} as rollup
inner join {{ ref('dim_' ~ family.context ~ '_contexts') }} as contexts
    on rollup.{{ key }} = contexts.{{ key }}
where {{ condition }}
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}
