-- Values that look like a fault of the tool that wrote them are kept, and counted here.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'suspect_values'}}}) }}
select
    suspicion,
    column_name,
    count(*) as value_count,
    min(event_at) as first_at,
    max(event_at) as last_at
from {{ ref('suspect_values') }}
group by suspicion, column_name
