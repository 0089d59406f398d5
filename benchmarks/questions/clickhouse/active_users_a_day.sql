select toDate(timestamp) as day, uniqExact(user_id) as users
from cvat.events
where
    timestamp >= toDateTime64('{quarter}', 3, 'Etc/UTC')
    and timestamp < toDateTime64('{end}', 3, 'Etc/UTC')
    and org_id = 1
group by day
