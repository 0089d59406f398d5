-- Samples of all sources, each once, as the facts read them.
select {{ all_columns_but([
    'source', 'is_unit', 'is_accepted', 'not_utf8_columns', 'not_utf8_text', 'clock_off_ms'
]) }}
from {{ ref('int_sample_copies') }}
where is_accepted
