-- Every issue as CVAT's API showed it, one row from each change to the next.
{{ resource_history('issue', key='issue_id', columns=[
    'assignment_id', 'owner_user_id', 'assignee_user_id', 'frame_number', 'is_resolved', 'created_at',
]) }}
