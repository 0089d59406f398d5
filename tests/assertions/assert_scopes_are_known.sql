-- Scopes that the registry does not list are kept and counted, and named here.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_cvat__events'}}}) }}
with

found as (

    select
        scope,
        source,
        count(*) as event_count
    from {{ ref('stg_cvat__events') }}
    group by scope, source

)

select
    scope,
    source,
    event_count
from found
where
    not exists (
        select 1
        from {{ ref('event_scopes') }} as scopes
        where scopes.scope = found.scope
    )
