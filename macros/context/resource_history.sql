{#-
    The history of one kind of CVAT's resources, as its API showed them: `key` names its id, `columns`
    are what is told of it. valid_to is null in the version that holds now.
-#}
{% macro resource_history(resource, key, columns) -%}
select
    resource_id as {{ key }},
    {{ columns | join(',\n    ') }},
    valid_from,
    valid_to
from {{ ref('int_cvat__resource_versions') }}
where resource = '{{ resource }}'
{%- endmacro %}
