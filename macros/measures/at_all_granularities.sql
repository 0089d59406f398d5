{#-
    A family (macros/families) at all six granularities, one row for each bucket, context and keys: its
    roll-up, under the names of its context, and what is finer than that counted from the facts,
    where a roll-up would be no smaller.
-#}
{% macro at_all_granularities(rollup, family) -%}
{%- set names = dimension_names(family.context) -%}
{%- set joined = [] if family.named else keyed_dimensions(family.context) -%}
{%- set key = family.context ~ '_key' -%}
{%- set stored = names if family.named else stored_context(family.context) -%}
{%- set held = rollup_granularities(family) -%}
{%- set shown = family['keys'] + counted_columns(family) -%}
{% for granularity in granularities() if granularity not in held %}
{{ counted_in_buckets(family, granularity, names) }}

union all

{% endfor %}
select
    rollup.time_granularity,
    rollup.period_start,
    {%- for name in names %}
    {{ 'contexts' if name in joined else 'rollup' }}.{{ name }},
    {%- endfor %}
    rollup.{{ shown | join(',\n    rollup.') }}
{%- if family.shares_rows %}
from (
    {%- for period in held %}
    select
        '{{ period }}' as time_granularity,
        {{ period }}_start as period_start,
        {{ (stored + shown) | join(', ') }}
    from {{ ref(rollup) }}
    where {{ period }}_start is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as rollup
{%- else %}
from {{ ref(rollup) }} as rollup
{%- endif %}
{%- if joined %}
inner join {{ ref('dim_' ~ family.context ~ '_contexts') }} as contexts
    on rollup.{{ key }} = contexts.{{ key }}
{%- endif %}
where {{ held_in_rollups('rollup.time_granularity', held[0]) }}
{%- endmacro %}
