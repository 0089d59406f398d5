{#-
    Whether a bucket stands on a day whose keys are tested: the days that this build made anew or, of
    a full build, the newest one. Literals, so that the engine skips the others.
-#}
{% macro in_tested_days(column) -%}
    {%- set events = ref('fct_events') -%}
    {%- do depends_on_touched() -%}
    {%- if not execute -%}
        true
    {%- elif is_continued() -%}
        {{ in_spans(column, touched_spans()) }}
    {%- else -%}
        {%- set newest = run_query(
            'select ' ~ truncate_to('day', 'max(event_at)') ~ ' from ' ~ events
        ).columns[0].values()[0] -%}
        {{ column }} >= cast('{{ newest or "1970-01-01" }}' as timestamp)
    {%- endif -%}
{%- endmacro %}
