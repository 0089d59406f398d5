-- Annotation actions, a year by months
select
    cast(period_start as date) as month,
    action,
    cast(sum(action_count) as bigint) as actions
from measures.annotation_timeline
where
    time_granularity = 'month'
    and period_start >= timestamp '{year}' and period_start < timestamp '{end}'
    and org_id = '1'
group by all
