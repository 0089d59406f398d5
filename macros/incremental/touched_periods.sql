{#- The touched weeks and months as spans (touched_spans). -#}
{% macro touched_periods() -%}
    {%- do return(touched_spans('week') + touched_spans('month')) -%}
{%- endmacro %}
