-- Platform samples, each once.
select {{ all_columns_but(['content_hash', 'copy_number', 'is_accepted']) }}
from {{ ref('stg_platform__sample_copies') }}
where is_accepted
