{#- What the first group of the pattern matches; null where nothing does. -#}
{% macro captured_group(text, pattern) -%}
    nullif(regexp_extract({{ text }}, '{{ pattern }}', 1), '')
{%- endmacro %}
