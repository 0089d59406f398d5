{#-
    dbt's incremental strategy `touched`: what lies in the touched spans, or is of touched lives, makes
    way for what was built for them now. The lives of both are noted first. dbt runs all statements in
    one transaction.
-#}
{% macro get_incremental_touched_sql(arguments) -%}
    {%- set how = config.get('meta').rebuilt_by -%}
    {%- if how.lives -%}
        {%- set is_touched = of_touched_life(how.lives) -%}
    {%- elif how.days == 'buckets' -%}
        {%- set is_touched = touched_bucket(how.column, how.users, how.pieces_of) -%}
    {%- elif how.days == 'periods' -%}
        {%- set is_touched = in_spans(how.column, touched_periods()) -%}
    {%- else -%}
        {%- set is_touched = touched(how.column, how.days, how.users) -%}
    {%- endif -%}
    {%- set columns = arguments.dest_columns | map(attribute='quoted') | join(', ') -%}
    {%- for life, columns in how.touches.items() %}
        insert into {{ touched_lives() }}
        {%- for relation in [arguments.target_relation, arguments.temp_relation] %}
            select '{{ life }}', {{ life_key(columns) }} from {{ relation }}
            where {{ is_touched }}
            {{ 'union distinct' if not loop.last }}
        {%- endfor %};
    {%- endfor %}

    delete from {{ arguments.target_relation }}
    where
        {{ is_touched }}
        {%- if how.days == 'periods' %}
        and {{ how.contexts }} in (
            select {{ how.contexts }} from {{ arguments.target_relation }}
            where {{ touched_in('day', how.column) }}
            union distinct
            select {{ how.contexts }} from {{ arguments.temp_relation }}
        )
        {%- elif how.contexts %}
        and (
            time_granularity not in ('week', 'month')
            or {{ how.contexts }} in (
                {{ touched_contexts(
                    how.contexts, arguments.temp_relation, how.users, how.pieces_of
                ) }}
            )
        )
        {%- endif %};

    insert into {{ arguments.target_relation }} ({{ columns }})
    select {{ columns }}
    from {{ arguments.temp_relation }}
    where {{ is_touched }}
{%- endmacro %}
