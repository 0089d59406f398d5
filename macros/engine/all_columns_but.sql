{% macro all_columns_but(names) -%}
    * exclude ({{ names | join(', ') }})
{%- endmacro %}
