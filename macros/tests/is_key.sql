{#-
    The column, or the columns together, name each row: none is ever null, no two rows are alike. With
    `at`, a column of time, only on the days that the build made anew (in_tested_days).
-#}
{% test is_key(model, column_name=none, columns=none, at=none) %}
{%- set key = columns or [column_name] %}
select {{ key | join(', ') }}, count(*) as row_count
from {{ model }}
{% if at -%}
where {{ in_tested_days(at) }}
{% endif -%}
group by {{ key | join(', ') }}
having count(*) > 1 or {{ key | join(' is null or ') }} is null
{% endtest %}
