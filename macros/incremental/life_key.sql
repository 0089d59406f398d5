{#-
    One integer for a life: the column that holds it, or a list of what it is known by. Where the list
    is one id and that is null, there is no life.
-#}
{% macro life_key(known_by) -%}
    {%- if known_by is string -%}
        {{ known_by }}
    {%- elif known_by | length == 1 -%}
        case when {{ known_by[0] }} is not null then {{ hash_key(known_by) }} end
    {%- else -%}
        {{ hash_key(known_by) }}
    {%- endif -%}
{%- endmacro %}
