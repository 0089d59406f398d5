{#-
    Whether an instant lies in a touched bucket of this granularity; with `until`, whether the stretch
    from `column` to `until` shares time with one. In a full build, and where a view asks, all do.
-#}
{% macro touched_in(granularity, column, users=false, pieces_of=none, until=none) -%}
    {%- if is_incremental() -%}
        {{ in_spans(column, touched_spans(granularity, users, pieces_of), until=until) }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
