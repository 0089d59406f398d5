{#-
    Whether an instant lies in one of the spans; with `until`, whether the stretch from `column` to
    `until` shares time with one of them.
-#}
{% macro in_spans(column, spans, before_ms=0, after_ms=0, until=none) -%}
    {%- set reached = (until or column) ~ (' > ' if until else ' >= ') -%}
    {%- set conditions = ['false'] -%}
    {%- set all_starts = [] -%}
    {%- set all_ends = [] -%}
    {%- for span in spans -%}
        {%- set starts = add_ms(span.starts, -before_ms) if before_ms else span.starts -%}
        {%- set ends = add_ms(span.ends, after_ms) if after_ms else span.ends -%}
        {%- set meets = reached ~ starts ~ ' and ' ~ column ~ ' < ' ~ ends -%}
        {%- if span.users -%}
            {%- set meets = meets ~ " and coalesce(user_id, '') in (" ~ span.users ~ ')' -%}
        {%- endif -%}
        {%- do conditions.append('(' ~ meets ~ ')') -%}
        {%- do all_starts.append(starts) -%}
        {%- do all_ends.append(ends) -%}
    {%- endfor -%}
    {#- An engine skips what lies outside of a range, but reads all where it has a choice of them. -#}
    (
        {%- if spans | length > 1 %}
        {{ reached }}least({{ all_starts | join(', ') }})
        and {{ column }} < greatest({{ all_ends | join(', ') }})
        and {% endif -%}
        ({{ conditions | join('\n        or ') }})
    )
{%- endmacro %}
