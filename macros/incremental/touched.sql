{#-
    Whether an instant lies in a touched span; in a full build, everything does. `before_ms` and
    `after_ms` widen the spans: for models that look at neighbours.
-#}
{% macro touched(column, days='utc', users=false, before_ms=0, after_ms=0) -%}
    {%- if is_incremental() -%}
        {{ in_spans(column, touched_spans(days, users), before_ms, after_ms) }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
