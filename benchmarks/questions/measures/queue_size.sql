-- Queue of each service, a week by hours
select
    period_start as hour,
    service_id,
    sum(queue_sum) / sum(sample_count) as queue_avg,
    max(queue_max) as queue_max
from measures.service_queue_size
where
    time_granularity = 'hour'
    and period_start >= timestamp '{week}' and period_start < timestamp '{week_end}'
group by all
