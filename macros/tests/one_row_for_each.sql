{#-
    One row for each context, bucket and key. Of measures only the coarser granularities are
    looked at on every build: second and minute are computed from the facts when asked.
-#}
{% test one_row_for_each(model, context, keys=[], time_granularities=[]) %}
{%- set buckets = ['time_granularity', 'period_start'] if time_granularities else [] %}
{%- set columns = buckets + dimension_names(context) + keys %}
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
{% if time_granularities -%}
where time_granularity in ('{{ time_granularities | join("', '") }}')
{% endif -%}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
