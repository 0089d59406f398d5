{#-
    Whether a bucket or an instant stands on a day whose keys are tested: the days that the last
    build made anew or, where these are more than ten and all that there are, the newest one. By what
    was made, so that `dbt test` tests what `dbt build` would. Literals: the engine skips the others.
-#}
{% macro in_tested_days(column) -%}
    {%- set days = ref('int_copies_days') -%}
    {%- set touched_days = ref('stg_touched_days') -%}
    {%- if execute and load_relation(days) and load_relation(touched_days) -%}
        {%- set found = run_query(
            'select max(days.event_day), count(*) > 10 and count(*) = count(touched.event_day)'
            ~ ' from (select distinct event_day from ' ~ days ~ ' where accepted > 0) as days'
            ~ ' left join ' ~ touched_days ~ ' as touched on days.event_day = touched.event_day'
        ).rows[0] -%}
        {%- if found[1] -%}
            {{ column }} >= cast('{{ found[0] }}' as timestamp)
        {%- else -%}
            {{ in_spans(column, touched_spans()) }}
        {%- endif -%}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
