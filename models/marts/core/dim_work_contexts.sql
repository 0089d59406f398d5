-- Every combination of the dimensions of work that occurs, the item left out, under the integer
-- that roll-ups keep.
{% set lives = {'context of work': 'work_key'} %}
{{ rebuilt_by_life(lives) }}
with

seen as (

    select * from {{ ref('int_context_days') }}
    where {{ of_touched_life(lives) }}

),

-- Time that is replayed may belong where no event is kept.
replayed as (

    select * from {{ ref('fct_activity') }}
    where
        method = 'replayed'
        and {{ of_touched_life({'context of work': keyed_dimensions('work')}) }}

)

select
    work_key,
    {{ keyed_dimensions('work') | join(', ') }}
from seen

union distinct

select
    {{ context_key('work') }} as work_key,
    {{ keyed_dimensions('work') | join(', ') }}
from replayed
