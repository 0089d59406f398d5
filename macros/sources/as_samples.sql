{#- The columns of a sample out of a model: those that its YAML describes, the others null. -#}
{% macro as_samples(model) -%}
    {%- set known = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.name == model -%}
            {%- do known.extend(node.columns) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, type in sample_columns().items() %}
    {{ name if name in known else 'cast(null as ' ~ type ~ ') as ' ~ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
