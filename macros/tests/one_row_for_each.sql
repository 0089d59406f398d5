{#-
    One row for each context, bucket and key. Of measures (`is_measure`), which are views, the hours
    and days that the build made anew: what they read is tested whole.
-#}
{% test one_row_for_each(model, context, keys=[], is_measure=false) %}
{%- set buckets = ['time_granularity', 'period_start'] if is_measure else [] %}
{%- set columns = buckets + dimension_names(context) + keys %}
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
{% if is_measure -%}
where time_granularity in ('hour', 'day') and {{ in_tested_days('period_start') }}
{% endif -%}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
