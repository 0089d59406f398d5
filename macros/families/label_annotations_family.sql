{#- Different annotations created or updated, by label; each period counts anew. -#}
{% macro label_annotations_family() -%}
    {%- do return({
        'context': 'work',
        'shares_rows': true,
        'facts': 'fct_annotation_actions',
        'where': "annotation_id is not null and action in ('created', 'updated')",
        'at': 'action_at',
        'minute': 'minute_start',
        'keys': ['label'],
        'aggregates': {
            'annotation_count': 'count(distinct ' ~ hash_key(['annotation_id']) ~ ')',
        },
    }) -%}
{%- endmacro %}
