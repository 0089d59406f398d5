{#-
    The one line that makes a model incremental. `column` says where in time a row belongs. A build
    deletes the rows in the touched spans of time and inserts what the model's SQL now gives for them, so
    that a day that lost its rows loses them here too.

    `days`: utc, local (whole days of reporting_timezone), buckets (of the row's time_granularity) or
    periods (whole weeks and months, of rows that periods share).
    `users`: whether spans of single users count too; the model then has a column user_id.
    `pieces_of`: the fact whose stretches a roll-up cuts: pieces may lie beyond the day of their start.
    `contexts`: the column of a roll-up's contexts: weeks and months are rebuilt in those of touched days
    alone.
    `touches`: the lives that its rows belong to, by name, each with the columns that it is known by:
    models that are rebuilt by life (rebuilt_by_life) then know whose rows were deleted or inserted.
-#}
{% macro rebuilt_by(
    column, days='utc', users=false, pieces_of=none, contexts=none, touches={}
) -%}
    {%- do depends_on_touched(users) -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='touched',
        meta={'rebuilt_by': {
            'column': column, 'days': days, 'users': users, 'pieces_of': pieces_of,
            'contexts': contexts, 'touches': touches,
        }},
    ) }}
{%- endmacro %}
