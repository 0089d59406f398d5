-- Every organization as CVAT's API showed it, one row from each change to the next.
{{ resource_history('organization', key='org_id', columns=[
    'org_slug', 'name as org_name', 'owner_user_id', 'created_at',
]) }}
