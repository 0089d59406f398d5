-- How many issues were raised on the work of each annotator? Here user_id is the author of the
-- annotation, not who raised the issue.
select
    time_granularity,
    period_start,
    annotator_user_id as user_id,
    {{ dimensions('work') | replace('user_id, ', '') }},
    cast(sum(issue_count) as bigint) as issue_count,
    cast(sum(issue_count) as bigint) as value
from {{ ref('issues_raised_by_period') }}
where annotator_user_id is not null
group by all
