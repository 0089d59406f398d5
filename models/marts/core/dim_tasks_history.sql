-- Every task as CVAT's API showed it, one row from each change to the next.
{{ resource_history('task', key='task_id', columns=[
    'org_id', 'project_id', 'owner_user_id', 'assignee_user_id', 'name as task_name', 'status',
    'subset', 'mode', 'dimension', 'frame_count', 'created_at',
]) }}
