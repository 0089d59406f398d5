-- Who did how much, and when? Overall activity, of which each row already names its user.
select
    interval_start,
    {{ filters() | join(', ') }},
    event_count
from {{ ref('overall_activity') }}
