{#-
    The dimensions that a context's integer stands for: all but the item, which stands beside it.
    There are nearly as many items as rows, but few combinations of the rest.
-#}
{% macro keyed_dimensions(context) -%}
    {%- do return(dimension_names(context) | reject('equalto', 'item_id') | list) -%}
{%- endmacro %}
