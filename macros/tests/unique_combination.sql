{#-
    No two rows of the relation are alike in these columns; nulls compare as equal. With `at`, a
    column of time, only on the days that the build made anew (in_tested_days). The columns of
    `not_negative`, tested in the same pass, never hold a number below zero.
-#}
{% test unique_combination(model, columns, at=none, not_negative=[]) %}
{%- set days = in_tested_days(at) if at else 'true' %}
{%- set is_table = execute and (load_relation(model) or {}).type == 'table' %}
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
where
    {{ days }}
    {%- if is_table and columns | length > 1 and not not_negative %}
    -- Hashes are shorter than what they stand for: grouping them takes a third less memory.
    and {{ hash_key(columns) }} in (
        select {{ hash_key(columns) }} as key_hash
        from {{ model }}
        where {{ days }}
        group by key_hash
        having count(*) > 1
    )
    {%- endif %}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in not_negative %}
    or min({{ column }}) < 0
    {%- endfor %}
{% endtest %}
