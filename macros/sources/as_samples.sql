{#- Columns of samples out of a model: those that its YAML describes, the others null. -#}
{% macro as_samples(model, columns) -%}
    {%- set known = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.name == model -%}
            {%- do known.extend(node.columns) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set types = sample_columns() -%}
    {%- for name in columns %}
    {{ name if name in known else 'cast(null as ' ~ types[name] ~ ') as ' ~ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
