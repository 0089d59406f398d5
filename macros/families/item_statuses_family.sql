{#- Settings of statuses. -#}
{% macro item_statuses_family() -%}
    {%- do return({
        'context': 'work',
        'shares_rows': true,
        'facts': 'fct_item_statuses',
        'where': 'not is_cleared',
        'at': 'changed_at',
        'minute': 'minute_start',
        'keys': ['status'],
        'components': {
            'status_count': ['1', 'sum'],
        },
    }) -%}
{%- endmacro %}
