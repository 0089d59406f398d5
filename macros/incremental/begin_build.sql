{#-
    Before the first model: note the loads that no whole build has seen. Where everything is to be
    rebuilt, because that was asked for or because settings differ from those of the last build, none
    has been seen; a build that is killed is then followed by a full one. After a whole build no life
    is touched.
-#}
{% macro begin_build() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set loads = loads_built() -%}
        {%- set settings = "'" ~ build_settings() | replace("'", "''") ~ "'" -%}
        {%- do adapter.create_schema(loads) -%}
        create table if not exists {{ loads }} (
            load_id varchar, settings varchar, is_built boolean
        );

        create table if not exists {{ touched_lives() }} as
        select cast('' as varchar) as life, {{ hash_key(["''"]) }} as life_key
        where false;

        -- What a build touched that broke off is still to be made anew.
        delete from {{ touched_lives() }}
        where not exists (select 1 from {{ loads }} where not is_built);

        delete from {{ loads }}
        where
            not is_built
            or settings <> {{ settings }}
            or {{ 'true' if flags.FULL_REFRESH else 'false' }};

        insert into {{ loads }}
        select distinct load_id, {{ settings }}, false
        from {{ source('lake', 'files') }}
        where load_id not in (select load_id from {{ loads }});
    {%- endif -%}
{%- endmacro %}
