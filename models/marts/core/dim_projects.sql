-- Every project that occurs in an event, with the name last heard of.
{{ named_entities('project', id='project_id', parents=['org_id']) }}
