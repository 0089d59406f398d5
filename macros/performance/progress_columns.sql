{#- How far a task or project has come and when it will be done, from its sums and its forecast. -#}
{% macro progress_columns(sums, forecasts) -%}
    {{ sums }}.job_count,
    {{ sums }}.annotated_job_count,
    {{ sums }}.accepted_job_count,
    {{ sums }}.job_count - {{ sums }}.accepted_job_count as open_job_count,
    {{ sums }}.item_count,
    {{ sums }}.done_item_count,
    {{ rate(sums ~ '.accepted_job_count', sums ~ '.job_count') }} as accepted_share,
    {{ forecasts }}.jobs_ahead_count,
    {{ forecasts }}.recently_accepted_count,
    {{ forecasts }}.pace as jobs_per_working_day,
    {{ forecasts }}.expected_end,
    {{ forecasts }}.earliest_end,
    {{ forecasts }}.latest_end,
    case
        when {{ sums }}.accepted_job_count = {{ sums }}.job_count then 'all jobs are accepted'
        when {{ forecasts }}.expected_end is null
            then 'no job of the project was accepted in the last 14 days'
    end as no_forecast_because,
    {{ sums }}.opened_at,
    {{ sums }}.last_event_at
{%- endmacro %}
