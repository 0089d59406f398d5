{#- The UTC instant at which the wall clock of the zone showed this time. -#}
{% macro from_local_time(wall_clock, zone) -%}
    timezone('UTC', timezone('{{ zone }}', {{ wall_clock }}))
{%- endmacro %}
