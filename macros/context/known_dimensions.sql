{#-
    The dimensions of a context as columns of text: those that a source knows by their names, the
    others null.
-#}
{% macro known_dimensions(context, known) -%}
    {%- for name in dimension_names(context) %}
    {{ name if name in known else 'cast(null as varchar) as ' ~ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
