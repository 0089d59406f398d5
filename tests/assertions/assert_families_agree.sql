-- What adds up over time has one total, whichever granularity it is added up from, in each project
-- and over the whole history: of the families that measures are made of.
{{ config(meta={'dagster': {'ref': {'name': 'annotation_actions_by_period'}}}) }}
{% set components = {} %}
{% for name in families() %}
    {% set sums = [] %}
    {% set family = context[name ~ '_family']() %}
    {% for component, (expression, function) in (family.components or {}).items() %}
        {% if function == 'sum' %}
            {% do sums.append(component) %}
        {% endif %}
    {% endfor %}
    {% if sums %}
        {% do components.update({name ~ '_by_period': sums}) %}
    {% endif %}
{% endfor %}

{{ unequal_totals(components, ['hour', 'day', 'week', 'month']) }}
