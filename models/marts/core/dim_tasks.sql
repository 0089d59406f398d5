-- Every task that occurs in an event or that CVAT's API shows, with the name last heard of.
{{ named_entities('task', parents=['org_id', 'project_id']) }}
