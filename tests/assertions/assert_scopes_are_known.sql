-- Scopes that the registry does not list are kept and counted, and named here.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'stg_cvat__events'}}}) }}
select
    events.scope,
    events.source,
    count(*) as event_count
from {{ ref('stg_cvat__events') }} as events
where
    not exists (
        select 1
        from {{ ref('event_scopes') }} as scopes
        where scopes.scope = events.scope
    )
group by events.scope, events.source
