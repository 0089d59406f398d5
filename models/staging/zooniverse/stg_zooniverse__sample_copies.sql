-- What each copy of a classification tells of: a stretch of work and an annotation.
{{ saved_items(ref('stg_zooniverse__classification_copies')) }}
