{#-
    Whether a row is of a life that this build touches; in a full build, and where a view asks, every
    row is. `lives` as in rebuilt_by_life.
-#}
{% macro of_touched_life(lives) -%}
    {%- if is_incremental() -%}
        ({%- for life, columns in lives.items() %}
            {{ life_key(columns) }} in (
                select life_key from {{ touched_lives() }} where life = '{{ life }}'
            )
            {{ 'or' if not loop.last }}
        {%- endfor %})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
