{#-
    Whether an instant lies in one of the spans; with `until`, whether the stretch from `column` to
    `until` shares time with one of them.
-#}
{% macro in_spans(column, spans, before_ms=0, after_ms=0, until=none) -%}
    {%- set conditions = ['false'] -%}
    {%- for span in spans -%}
        {%- set starts = add_ms(span.starts, -before_ms) if before_ms else span.starts -%}
        {%- set ends = add_ms(span.ends, after_ms) if after_ms else span.ends -%}
        {%- set meets = (until or column) ~ (' > ' if until else ' >= ') ~ starts
            ~ ' and ' ~ column ~ ' < ' ~ ends -%}
        {%- if span.users -%}
            {%- set meets = meets ~ " and coalesce(user_id, '') in (" ~ span.users ~ ')' -%}
        {%- endif -%}
        {%- do conditions.append('(' ~ meets ~ ')') -%}
    {%- endfor -%}
    ({{ conditions | join('\n        or ') }})
{%- endmacro %}
