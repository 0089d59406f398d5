{#-
    A family (macros/families) counted from its facts at one granularity: a row for each bucket, context
    and keys. `context` names the columns that the context is shown by. A family without `at` is one
    of stretches, which are cut at the edges of buckets. Where the facts keep their minute, an engine
    skips the others.
-#}
{% macro counted_in_buckets(family, granularity, context) -%}
    {%- set stored = family.minute if granularity == 'minute' -%}
    {%- set key = family.context ~ '_key' -%}
    {%- set listed = context | reject('equalto', key) | list + family['keys'] -%}
    select
        '{{ granularity }}' as time_granularity,
        {{ (stored or bucket_start(granularity, family.at)) if family.at else 'period_start' }}
            as period_start,
        {%- if key in context %}
        {{ context_key(family.context) }} as {{ key }},
        {%- endif %}
        {{ listed | join(', ') }}
        {%- if family.by_user and key in context %},
        any_value(user_id) as user_id
        {%- endif %},
        {{ family_aggregates(family) }}
    {%- if family.at %}
    from {{ ref(family.facts) }}
    where {{ family.where }} and {{ touched_in(granularity, family.at, family.by_user) }}
    {%- else %}
    from (
        {{ stretch_pieces(family, granularity, dimension_names(family.context) + family['keys']) }}
    )
    {%- endif %}
    group by all
{%- endmacro %}
