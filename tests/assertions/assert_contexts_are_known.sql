-- What has a context that no dimension knows would be missing from the measures.
{{ config(meta={'dagster': {'ref': {'name': 'dim_work_contexts'}}}) }}
with

used as (

    select {{ context_key('work') }} as work_key from {{ ref('fct_activity') }}

    union distinct

    select {{ context_key('work') }} as work_key from {{ ref('fct_annotation_actions') }}

    union distinct

    select {{ context_key('work') }} as work_key from {{ ref('fct_issue_changes') }}

    union distinct

    select {{ context_key('work') }} as work_key from {{ ref('fct_item_statuses') }}

)

select used.work_key
from used
where
    not exists (
        select 1
        from {{ ref('dim_work_contexts') }} as contexts
        where contexts.work_key = used.work_key
    )
