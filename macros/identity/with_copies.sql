{#-
    Identity by content. Of equal rows, the n-th copy within one file is the n-th copy within any
    other: a content counts as often as the file that holds it most often. Adds to the relation
    the event's id (a function of content and n alone) and whether this copy is the one that counts.
    Where a source gives ids there are no `repeats`: the same once more in one file is a copy, too.
-#}
{% macro with_copies(relation, content, position, repeats=true) -%}
    select
        *,
        {{ hash_key(['content_hash', 'copy_number']) }} as event_id,
        row_number() over (
            partition by content_hash, copy_number order by file_id, {{ position }}
        ) = 1 as is_accepted
    from (
        select
            *,
            {% if repeats -%}
                row_number() over (
                    partition by content_hash, file_id order by {{ position }}
                )
            {%- else -%}
                cast(1 as bigint)
            {%- endif %} as copy_number
        from (
            select *, {{ hash_key(content) }} as content_hash
            from {{ relation }}
        )
    )
{%- endmacro %}
