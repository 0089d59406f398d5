{#-
    The touched spans of time: a list of {starts, ends, users}, all SQL literals, so that the engine
    skips what lies outside; `users` names those whom a span concerns, none means everyone. `days` is
    utc, local (whole days of reporting_timezone) or a granularity (its whole buckets). With
    `pieces_of` a span reaches to where the last stretch ends that starts in it. They are the same for
    all models of a run, which ask for them again and again: each is looked up once.
-#}
{% macro touched_spans(days='utc', users=false, pieces_of=none) -%}
    {%- set known = known_in_this_run() -%}
    {%- set name = ['spans', days, users, pieces_of] | join(' ') -%}
    {%- if name not in known -%}
        {%- set asked = 'local' if pieces_of else days -%}
        {%- set spans = [] -%}
        {%- for row in run_query(spans_of_everyone(asked)).rows -%}
            {%- do spans.append({'starts': row[0], 'ends': row[1], 'users': none}) -%}
        {%- endfor -%}
        {%- if users -%}
            {%- for row in run_query(spans_of_users(asked)).rows -%}
                {%- do spans.append({'starts': row[0], 'ends': row[1], 'users': row[2]}) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- if pieces_of and spans -%}
            {%- set spans = until_pieces_end(spans, days, pieces_of) -%}
        {%- endif -%}
        {%- do known.update({name: spans}) -%}
    {%- endif -%}
    {%- do return(known[name]) -%}
{%- endmacro %}
