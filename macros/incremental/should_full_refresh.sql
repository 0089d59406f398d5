{#-
    Replaces dbt's own: everything is also rebuilt where no build has succeeded yet with these
    settings (see begin_build).
-#}
{% macro should_full_refresh() -%}
    {%- set configured = config.get('full_refresh') -%}
    {%- if configured in [true, false] -%}
        {%- do return(configured) -%}
    {%- endif -%}
    {%- do return(flags.FULL_REFRESH or not is_continued()) -%}
{%- endmacro %}
