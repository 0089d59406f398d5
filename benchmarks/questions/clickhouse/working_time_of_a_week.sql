select
    user_id,
    job_id,
    sum(
        least(
            toUnixTimestamp64Milli(timestamp) + duration,
            toUnixTimestamp64Milli(toDateTime64('{week_end}', 3, 'Etc/UTC'))
        )
        - greatest(
            toUnixTimestamp64Milli(timestamp),
            toUnixTimestamp64Milli(toDateTime64('{week}', 3, 'Etc/UTC'))
        )
    ) as duration_ms
from cvat.events
where
    scope = 'send:working_time'
    and timestamp >= toDateTime64('{week}', 3, 'Etc/UTC') - interval 1 hour
    and timestamp < toDateTime64('{week_end}', 3, 'Etc/UTC')
    and timestamp + toIntervalMillisecond(duration) > toDateTime64('{week}', 3, 'Etc/UTC')
    and org_id = 1
group by user_id, job_id
