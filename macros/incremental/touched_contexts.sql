{#-
    SQL for the contexts that have a touched day in this roll-up: as it stands, or as it will with the
    days in `days`. No other context's weeks and months change.
-#}
{% macro touched_contexts(key, days, users=false, pieces_of=none) -%}
    select {{ key }} from {{ this }}
    where
        time_granularity = 'day'
        and {{ touched_in('day', 'period_start', users, pieces_of) }}
    union distinct
    select {{ key }} from {{ days }}
    where time_granularity = 'day'
{%- endmacro %}
