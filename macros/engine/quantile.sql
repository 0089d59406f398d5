{#- The value below which this share of the values lies, between neighbours in proportion. -#}
{% macro quantile(value, share) -%}
    quantile_cont({{ value }}, {{ share }})
{%- endmacro %}
