{#- Whether a row of a roll-up stands in a touched bucket of its own granularity. -#}
{% macro touched_bucket(column, users=false, pieces_of=none) -%}
    ({%- for granularity in granularities() if granularity != 'second' %}
        time_granularity = '{{ granularity }}'
        and {{ touched_in(granularity, column, users, pieces_of) }}
        {{ 'or' if not loop.last }}
    {%- endfor %})
{%- endmacro %}
