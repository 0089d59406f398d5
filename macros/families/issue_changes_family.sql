{#- Changes of issues. -#}
{% macro issue_changes_family() -%}
    {%- do return({
        'context': 'work',
        'facts': 'fct_issue_changes',
        'where': 'true',
        'at': 'changed_at',
        'minute': 'minute_start',
        'named': true,
        'keys': ['status'],
        'components': {
            'change_count': ['1', 'sum'],
        },
    }) -%}
{%- endmacro %}
