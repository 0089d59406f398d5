-- Everyone as CVAT's API showed them, one row from each change to the next.
{{ resource_history('user', key='user_id', columns=[
    'user_name', 'user_email', 'first_name', 'last_name', 'is_active', 'is_staff', 'created_at',
]) }}
