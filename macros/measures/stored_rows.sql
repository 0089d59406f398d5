{#-
    The rows of a family's roll-up as they are stored: under the ids of their context where the family is
    `named`, else under its integer, in the order of `by`. What is asked for together then lies together,
    and an engine skips the rest.
-#}
{% macro stored_rows(relation, family, by, left_out=[]) -%}
    {%- set key = family.context ~ '_key' -%}
    {%- set order = (by + [key]) | join(', ' ~ relation ~ '.') -%}
    {%- if family.named -%}
        select
            {{ relation }}.{{ all_columns_but(left_out + [key]) }},
            {%- for name in keyed_dimensions(family.context) %}
            contexts.{{ name }} {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }}
        inner join {{ ref('dim_' ~ family.context ~ '_contexts') }} as contexts
            on {{ relation }}.{{ key }} = contexts.{{ key }}
    {%- else -%}
        select * from {{ relation }}
    {%- endif %}
    order by {{ relation }}.{{ order }}
{%- endmacro %}
