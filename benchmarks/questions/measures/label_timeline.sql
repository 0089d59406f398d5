-- Actions on each label, 13 weeks by week
select
    cast(period_start as date) as week,
    label,
    action,
    cast(sum(action_count) as bigint) as actions
from measures.labeling_actions_per_label
where
    time_granularity = 'week'
    and period_start >= timestamp '{weeks}' and period_start < timestamp '{week_end}'
    and org_id = '1'
    and label is not null
group by all
