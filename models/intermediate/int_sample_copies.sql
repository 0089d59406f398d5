-- Every copy of every sample of every source that tells of work as samples do.
{% for source, (system, copies) in sample_sources().items() %}
    select
        '{{ source }}' as source,
        '{{ system }}' as source_system,
        {{ as_samples(copies, sample_columns() | list) }}
    from {{ ref(copies) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
