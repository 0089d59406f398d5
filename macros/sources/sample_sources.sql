{#- The sources that tell of work as samples do: each with its system and the model of its copies. -#}
{% macro sample_sources() -%}
    {%- do return({
        'platform_samples': ['platform', 'stg_platform__sample_copies'],
        'appraise': ['appraise', 'stg_appraise__sample_copies'],
        'zooniverse': ['zooniverse', 'stg_zooniverse__sample_copies'],
    }) -%}
{%- endmacro %}
