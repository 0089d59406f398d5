{#-
    The first instant at which the wall clock of the reporting time zone showed this start of a
    bucket, or came past it where it was skipped. Where clocks went back over midnight it was shown
    twice, and an engine may give the second.
-#}
{% macro local_bucket_start(wall_clock) -%}
    {%- set zone = var('reporting_timezone') -%}
    {%- set instant = from_local_time(wall_clock, zone) -%}
    {%- set hour_before = add_units(instant, 'hour', -1) -%}
    case
        when {{ to_local_time(hour_before, zone) }} = {{ wall_clock }} then {{ hour_before }}
        else {{ instant }}
    end
{%- endmacro %}
