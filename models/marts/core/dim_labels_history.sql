-- Every label as CVAT's API showed it, one row from each change to the next.
{{ resource_history('label', key='label', columns=[
    'project_id', 'task_id', 'parent_id as parent_label', 'name as label_name',
    'resource_type as label_type', 'color',
]) }}
