{#-
    Identity by content. Of equal rows, the n-th copy within one file is the n-th copy within any
    other: a content counts as often as the file that holds it most often. Adds to the relation
    the event's id (a function of content and n alone) and whether this copy is the one that counts.
    Where a source gives ids there are no `repeats`: the same once more in one file is a copy, too.
    Copies are rare: only they are numbered, all other rows pass by as they come.
-#}
{% macro with_copies(relation, content, position, repeats=true) -%}
    {%- set place = 'file_id, ' ~ position -%}
    {%- set content_hash = hash_key(content) -%}
    select
        landed.{{ all_columns_but(['content_hash']) }},
        {{ hash_key(['landed.content_hash', 'coalesce(copies.copy_number, 1)']) }} as event_id,
        coalesce(copies.is_accepted, true) as is_accepted
    from (
        select *, {{ content_hash }} as content_hash
        from {{ relation }}
    ) as landed
    left join (
        select
            *,
            row_number() over (
                partition by content_hash, copy_number order by {{ place }}
            ) = 1 as is_accepted
        from (
            select
                content_hash,
                {{ place }},
                {% if repeats -%}
                    row_number() over (
                        partition by content_hash, file_id order by {{ position }}
                    )
                {%- else -%}
                    cast(1 as bigint)
                {%- endif %} as copy_number
            from (
                select {{ place }}, {{ content_hash }} as content_hash
                from {{ relation }}
            )
            where content_hash in (
                select {{ content_hash }} as content_hash
                from {{ relation }}
                group by 1
                having count(*) > 1
            )
        )
    ) as copies
        using (content_hash, {{ place }})
{%- endmacro %}
