{#- The statement that forgets them. -#}
{% macro forget_contexts(context, facts) -%}
    {%- set key = context ~ '_key' -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where {{ key }} not in (
            {%- for fact in facts %}
            select {{ key }} from {{ ref(fact) }}
            {{ 'union all' if not loop.last }}
            {%- endfor %}
        )
    {%- endif -%}
{%- endmacro %}
