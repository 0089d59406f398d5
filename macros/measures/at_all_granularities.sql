{#-
    A family (macros/families) at all six granularities: its roll-up from hour to month, under the
    names of its context, and at second and minute the facts themselves, where a roll-up would be
    no smaller.
-#}
{% macro at_all_granularities(rollup, family) -%}
{%- set key = family.context ~ '_key' -%}
{% for granularity in ['second', 'minute'] %}
select
    '{{ granularity }}' as time_granularity,
    period_start,
    {{ dimensions(family.context) }},
    {{ family['keys'] | join(', ') ~ ',' if family['keys'] }}
    {%- for name, (expression, function) in family.components.items() %}
    cast({{ 'coalesce(' ~ expression ~ ', 0)' if function == 'sum' else expression }} as bigint)
        as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from ({{ facts_in_buckets(family, granularity) }})

union all

{% endfor %}
select
    rollup.time_granularity,
    rollup.period_start,
    {{ dimensions(family.context, 'contexts') }},
    {{ 'rollup.' ~ family['keys'] | join(', rollup.') ~ ',' if family['keys'] }}
    rollup.{{ family.components | join(', rollup.') }}
from {{ ref(rollup) }} as rollup
inner join {{ ref('dim_' ~ family.context ~ '_contexts') }} as contexts
    on rollup.{{ key }} = contexts.{{ key }}
{%- endmacro %}
