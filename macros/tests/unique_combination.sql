{#-
    No two rows of the relation are alike in these columns; nulls compare as equal. With `at`, a
    column of time, only on the days that the build made anew.
-#}
{% test unique_combination(model, columns, at=none) %}
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
{% if at -%}
where {{ in_tested_days(at) }}
{% endif -%}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
