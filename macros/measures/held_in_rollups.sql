{#-
    Whether a row of a roll-up is of a granularity that roll-ups hold, from `finest` on. All of them
    are; said so, an engine leaves the roll-up alone where something finer is asked for.
-#}
{% macro held_in_rollups(granularity, finest='hour') -%}
    {%- set all = granularities() -%}
    {%- for finer in all[:all.index(finest)] -%}
        {{ granularity }} <> '{{ finer }}' {{- ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
