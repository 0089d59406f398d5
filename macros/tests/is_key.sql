{#- The column, or the `columns` together, name each row: none is ever null, no two rows are alike. -#}
{% test is_key(model, column_name=none, columns=none) %}
{%- set key = columns or [column_name] %}
select {{ key | join(', ') }}, count(*) as row_count
from {{ model }}
group by {{ key | join(', ') }}
having count(*) > 1 or {{ key | join(' is null or ') }} is null
{% endtest %}
