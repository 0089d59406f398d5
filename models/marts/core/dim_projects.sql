-- Every project that occurs in an event, with the name last heard of.
{{ named_entities('project', parents=['org_id']) }}
