with
    toUnixTimestamp64Milli(timestamp) as started_ms,
    started_ms + duration as ended_ms,
    arrayJoin(range(intDiv(started_ms, 3600000), intDiv(ended_ms - 1, 3600000) + 1)) as hours
select
    toDateTime(hours * 3600, 'Etc/UTC') as hour,
    job_id,
    sum(least(ended_ms, (hours + 1) * 3600000) - greatest(started_ms, hours * 3600000))
        as duration_ms
from cvat.events
where
    scope = 'send:working_time'
    and user_id = {user}
    and timestamp >= toDateTime64('{day}', 3, 'Etc/UTC') - interval 1 hour
    and timestamp < toDateTime64('{end}', 3, 'Etc/UTC')
    and duration > 0
group by hour, job_id
having hour >= toDateTime('{day} 00:00:00', 'Etc/UTC')
    and hour < toDateTime('{end} 00:00:00', 'Etc/UTC')
