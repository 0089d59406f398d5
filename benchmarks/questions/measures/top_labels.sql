-- The ten labels that were drawn most, 28 days
select label, cast(sum(action_count) as bigint) as actions
from measures.labeling_actions_per_label
where
    time_granularity = 'day'
    and period_start >= timestamp '{four_weeks}' and period_start < timestamp '{end}'
    and org_id = '1'
    and action = 'created'
    and label is not null
group by all
order by actions desc, label
limit 10
