-- Every combination of the dimensions of executions that occurs, under the integer that roll-ups
-- keep.
select distinct function_key, {{ dimensions('function') }}
from {{ ref('fct_executions') }}

union distinct

select distinct function_key, {{ dimensions('function') }}
from {{ ref('fct_pipeline_executions') }}
