select toStartOfMinute(timestamp) as minute, uniqExact(user_id) as users, count() as events
from cvat.events
where
    timestamp >= toDateTime64('{day}', 3, 'Etc/UTC')
    and timestamp < toDateTime64('{end}', 3, 'Etc/UTC')
    and org_id = 1
    and user_id is not null
group by minute
