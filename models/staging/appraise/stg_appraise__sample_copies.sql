-- What each copy of a score tells of: a stretch of work, an annotation, an item that is completed.
{{ rebuilt_by('started_at') }}
{{ saved_items(ref('stg_appraise__score_copies'), completes=true) }}
