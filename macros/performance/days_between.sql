{#- Whole days from one midnight of the wall clock to another. -#}
{% macro days_between(earlier, later) -%}
    {{ whole_division(
        '(' ~ epoch_ms(later) ~ ' - ' ~ epoch_ms(earlier) ~ ')', 86400000
    ) }}
{%- endmacro %}
