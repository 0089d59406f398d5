-- CVAT's events, each once.
select {{ all_columns_but(['content_hash', 'copy_number', 'is_accepted']) }}
from {{ ref('stg_cvat__event_copies') }}
where is_accepted
