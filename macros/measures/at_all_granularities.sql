{#-
    A family (macros/families) at all six granularities, one row for each bucket, context and keys: its
    roll-up from hour to month, under the names of its context, and at second and minute counted
    from the facts, where a roll-up would be no smaller.
-#}
{% macro at_all_granularities(rollup, family) -%}
{%- set names = dimension_names(family.context) -%}
{%- set keyed = keyed_dimensions(family.context) -%}
{%- set key = family.context ~ '_key' -%}
{%- set counted = (family.components or {}).keys() | list + (family.aggregates or {}).keys() | list -%}
{% for granularity in ['second', 'minute'] %}
{{ counted_in_buckets(family, granularity, names) }}

union all

{% endfor %}
select
    rollup.time_granularity,
    rollup.period_start,
    {%- for name in names %}
    {{ 'contexts' if name in keyed else 'rollup' }}.{{ name }},
    {%- endfor %}
    rollup.{{ (family['keys'] + counted) | join(',\n    rollup.') }}
from {{ ref(rollup) }} as rollup
inner join {{ ref('dim_' ~ family.context ~ '_contexts') }} as contexts
    on rollup.{{ key }} = contexts.{{ key }}
where {{ held_in_rollups('rollup.time_granularity') }}
{%- endmacro %}
