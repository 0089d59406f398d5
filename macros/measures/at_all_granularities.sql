{#-
    A family at all six granularities: its roll-up from hour to month, under the names of its
    context (work, function), and at second and minute the facts themselves, where a roll-up would
    be no smaller. Keys, components, at and is_stretch are those of the roll-up (rolled_up).
-#}
{% macro at_all_granularities(
    context, facts, rollup, keys, components, where='true', at=none, is_stretch=false
) -%}
{% for granularity in ['second', 'minute'] %}
select
    '{{ granularity }}' as time_granularity,
    {% if is_stretch -%}
    period_start,
    {%- else -%}
    {{ bucket_start(granularity, at) }} as period_start,
    {%- endif %}
    {{ dimensions(context) }},
    {{ keys | join(', ') ~ ',' if keys }}
    {%- for name, (expression, function) in components.items() %}
    cast({{ 'coalesce(' ~ expression ~ ', 0)' if function == 'sum' else expression }} as bigint)
        as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from {% if is_stretch -%}
    ({{ stretch_pieces(facts, granularity, where) }})
    {%- else -%}
    {{ ref(facts) }}
    where {{ where }}
    {%- endif %}

union all

{% endfor %}
select
    rollup.time_granularity,
    rollup.period_start,
    {{ dimensions(context, 'contexts') }},
    {{ 'rollup.' ~ keys | join(', rollup.') ~ ',' if keys }}
    rollup.{{ components | join(', rollup.') }}
from {{ ref(rollup) }} as rollup
inner join {{ ref('dim_' ~ context ~ '_contexts') }} as contexts
    on rollup.{{ context }}_key = contexts.{{ context }}_key
{%- endmacro %}
