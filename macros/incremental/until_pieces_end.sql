{#-
    Spans of local days, each to the end of the last stretch of the fact that starts in it, as whole
    buckets of a granularity.
-#}
{% macro until_pieces_end(spans, granularity, fact) -%}
    {%- set reaching -%}
        {%- for span in spans %}
            select
                {{ loop.index }} as place,
                {{ span.starts }} as starts_at,
                greatest(max(ended_at), {{ span.ends }}) as ends_at
            from {{ ref(fact) }}
            where {{ in_spans('started_at', [span]) }}
            {{ 'union all' if not loop.last }}
        {%- endfor %}
    {%- endset -%}
    {%- set buckets = [] -%}
    {%- for row in run_query(
        'select ' ~ instant_literal(first_instant(granularity, 'starts_at'))
        ~ ', ' ~ instant_literal(end_of_days(granularity, 'ends_at'))
        ~ ' from (' ~ reaching ~ ') order by place'
    ).rows -%}
        {%- do buckets.append(dict(spans[loop.index0], starts=row[0], ends=row[1])) -%}
    {%- endfor -%}
    {%- do return(buckets) -%}
{%- endmacro %}
