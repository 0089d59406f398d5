{#-
    Whether a bucket or an instant stands on a day whose keys are tested: the days that the last
    build made anew or, where these are more than ten and all that there are, the fullest one. By what
    was made, so that `dbt test` tests what `dbt build` would. Literals: the engine skips the others.
-#}
{% macro in_tested_days(column) -%}
    {%- set copies = ref('int_copies_days') -%}
    {%- set touched_days = ref('stg_touched_days') -%}
    {%- if execute and load_relation(copies) and load_relation(touched_days) -%}
        {%- set fullest = last_by('days.event_day', ['days.accepted', 'days.event_day']) -%}
        {%- set found = run_query(
            'select ' ~ instant_literal(fullest) ~ ' as starts, '
            ~ instant_literal(add_units(fullest, 'day')) ~ ' as ends,'
            ~ ' count(*) > 10 and count(*) = count(touched.event_day) as is_whole'
            ~ ' from (select event_day, sum(accepted) as accepted from ' ~ copies
            ~ ' where accepted > 0 group by event_day) as days'
            ~ ' left join ' ~ touched_days ~ ' as touched on days.event_day = touched.event_day'
        ).rows[0] -%}
        {%- set day = {'starts': found.starts, 'ends': found.ends, 'users': none} -%}
        {{ in_spans(column, [day] if found.is_whole else touched_spans()) }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
