-- Every combination of the nine dimensions of work that occurs, under the integer that rollups
-- keep.
select distinct work_key, {{ dimensions('work') }}
from {{ ref('fct_events') }}

union distinct

select distinct work_key, {{ dimensions('work') }}
from {{ ref('fct_activity') }}

union distinct

select distinct work_key, {{ dimensions('work') }}
from {{ ref('fct_annotation_actions') }}
