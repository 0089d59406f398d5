{#- A UTC instant as the wall clock of the zone showed it. -#}
{% macro to_local_time(instant, zone) -%}
    timezone('{{ zone }}', timezone('UTC', {{ instant }}))
{%- endmacro %}
