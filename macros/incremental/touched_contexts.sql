{#-
    SQL for the contexts that have a touched day in this roll-up: as it stands, or as it will with the
    days in `days`. No other context's weeks and months change. `key` is SQL for the integer of a context
    in the roll-up, `key_of_days` in `days`.
-#}
{% macro touched_contexts(key, days, users=false, pieces_of=none, key_of_days=none) -%}
    select {{ key }} {{- ' as ' ~ key_of_days if key_of_days }} from {{ this }}
    where
        time_granularity = 'day'
        and {{ touched_in('day', 'period_start', users, pieces_of) }}
    union distinct
    select {{ key_of_days or key }} from {{ days }}
    where time_granularity = 'day'
{%- endmacro %}
