{#-
    What the numbers depend on beside the loads: the variables, the engine, and, where whoever calls
    dbt says so, the project's content.
-#}
{% macro build_settings() -%}
    {%- set settings = {
        'engine': adapter.type() ~ ' ' ~ run_query('select version()').columns[0].values()[0],
        'project': env_var('WAREHOUSE_PROJECT_FINGERPRINT', ''),
    } -%}
    {%- for name in [
        'activity_gap_threshold_ms', 'idle_cutoff_ms', 'session_gap_ms', 'working_time_methods',
        'client_batches_are_events', 'reporting_timezone',
    ] -%}
        {%- do settings.update({name: var(name)}) -%}
    {%- endfor -%}
    {%- do return(tojson(settings, sort_keys=true)) -%}
{%- endmacro %}
