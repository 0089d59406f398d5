-- Every job (elsewhere: assignment) as CVAT's API showed it, one row from each change to the next.
{{ resource_history('job', key='assignment_id', columns=[
    'org_id', 'project_id', 'task_id', 'parent_id as parent_assignment_id', 'assignee_user_id',
    'stage', 'state', 'resource_type as job_type', 'frame_count', 'start_frame', 'stop_frame',
    'created_at',
]) }}
