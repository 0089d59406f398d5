{#-
    Whether a row of a roll-up is of a granularity that roll-ups hold. All of them are; said so, an
    engine leaves the roll-up alone where seconds or minutes are asked for.
-#}
{% macro held_in_rollups(granularity) -%}
    {{ granularity }} <> 'second' and {{ granularity }} <> 'minute'
{%- endmacro %}
