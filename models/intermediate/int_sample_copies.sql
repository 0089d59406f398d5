-- Every copy of every sample of every source that tells of work as samples do: one line a source.
{% set sources = {
    'platform_samples': ['platform', 'stg_platform__sample_copies'],
    'appraise': ['appraise', 'stg_appraise__sample_copies'],
    'zooniverse': ['zooniverse', 'stg_zooniverse__sample_copies'],
} %}

{% for source, (system, copies) in sources.items() %}
    select
        '{{ source }}' as source,
        '{{ system }}' as source_system,
        {{ as_samples(copies) }}
    from {{ ref(copies) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
