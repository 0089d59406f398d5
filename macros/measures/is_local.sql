{#- Whether buckets of this granularity follow a reporting time zone other than UTC. -#}
{% macro is_local(granularity) -%}
    {%- do return(
        var('reporting_timezone') != 'UTC' and granularity in ('day', 'week', 'month')
    ) -%}
{%- endmacro %}
