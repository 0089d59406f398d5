-- Every project as CVAT's API showed it, one row from each change to the next.
{{ resource_history('project', key='project_id', columns=[
    'org_id', 'owner_user_id', 'assignee_user_id', 'name as project_name', 'status', 'created_at',
]) }}
