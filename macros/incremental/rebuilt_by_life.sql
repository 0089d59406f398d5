{#-
    The one line that makes a model incremental whose rows depend on all of a life: of what happened
    to an assignment, an item or an issue before and after. A build deletes the rows of the lives that
    it touched and inserts what the model's SQL now gives for them.

    `lives` maps the name of a life to the columns, or the one integer, that it is known by here; where
    there are several, a row is made anew with any of them. `touches`: as in rebuilt_by.
-#}
{% macro rebuilt_by_life(lives, touches={}) -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='touched',
        meta={'rebuilt_by': {'lives': lives, 'touches': touches}},
    ) }}
{%- endmacro %}
