{#- Issues raised. -#}
{% macro issues_raised_family() -%}
    {%- do return({
        'context': 'work',
        'facts': 'fct_issue_cycles',
        'where': 'true',
        'at': 'opened_at',
        'named': true,
        'keys': ['label', 'annotator_user_id'],
        'components': {
            'issue_count': ['1', 'sum'],
        },
    }) -%}
{%- endmacro %}
