-- Items of an assignment by their status at the end of each period in which it changed, at all
-- six granularities, beside the items that the assignment has by then.
with

states as (

    {% for granularity in ['second', 'minute'] %}
        {{ state_at_period_ends('item_state_deltas', granularity, key='assignment_key') }}

        union all

    {% endfor %}
    select * from {{ ref('rollup_item_states') }}

),

steps as (

    select * from {{ ref('fct_item_statuses') }}
    where assignment_id is not null

),

-- How many items had been seen by each step that showed a new one.
items_seen as (

    select
        assignment_key,
        changed_at,
        cast(count(*) over (
            partition by assignment_key order by changed_at
        ) as bigint) as item_count
    from steps
    where is_first_of_item

),

announcements as (

    select
        assignment_id,
        changed_at,
        {{ last_by('total_items', ['total_items']) }} as total_items
    from {{ ref('fct_assignment_changes') }}
    where total_items is not null
    group by all

),

contexts as (

    select distinct assignment_key, {{ dimensions('assignment') }}
    from steps

),

ends as (

    select
        states.*,
        {{ dimensions('assignment', 'contexts') }},
        case states.time_granularity
            {%- for granularity in granularities() %}
                when '{{ granularity }}' then {{ bucket_after(granularity, 'period_start') }}
            {%- endfor %}
        end as period_end
    from states
    inner join contexts on states.assignment_key = contexts.assignment_key

),

with_items_seen as (

    select
        ends.*,
        items_seen.item_count as items_seen
    from ends
    asof left join items_seen
        on
            ends.assignment_key = items_seen.assignment_key
            and ends.period_end > items_seen.changed_at

),

with_announcements as (

    select
        with_items_seen.*,
        announcements.total_items
    from with_items_seen
    asof left join announcements
        on
            with_items_seen.assignment_id = announcements.assignment_id
            and with_items_seen.period_end > announcements.changed_at

)

select
    time_granularity,
    period_start,
    {{ dimensions('assignment') }},
    status,
    state_count as item_count,
    coalesce(total_items, items_seen) as total_count
from with_announcements
