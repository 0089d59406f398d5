-- CVAT's events, each once.
select {{ all_columns_but(['is_accepted']) }}
from {{ ref('stg_cvat__event_copies') }}
where is_accepted
