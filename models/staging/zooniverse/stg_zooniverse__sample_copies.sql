-- What each copy of a classification tells of: a stretch of work and an annotation.
{{ rebuilt_by('started_at') }}
{{ saved_items(ref('stg_zooniverse__classification_copies')) }}
