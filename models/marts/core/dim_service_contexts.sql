-- Every combination of the dimensions of services that occurs, under the integer that roll-ups
-- keep.
select distinct service_key, {{ dimensions('service') }}
from {{ ref('fct_service_samples') }}
