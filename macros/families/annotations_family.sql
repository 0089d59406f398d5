{#- Different annotations touched. A distinct count never adds up, so that each period counts anew. -#}
{% macro annotations_family() -%}
    {%- do return({
        'context': 'work',
        'shares_rows': true,
        'facts': 'fct_annotation_actions',
        'where': 'annotation_id is not null',
        'at': 'action_at',
        'minute': 'minute_start',
        'keys': [],
        'aggregates': {
            'annotation_count': 'count(distinct ' ~ hash_key(['annotation_id']) ~ ')',
        },
    }) -%}
{%- endmacro %}
