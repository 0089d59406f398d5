-- Every project that occurs in an event or that CVAT's API shows, with the name last heard of.
{{ named_entities('project', parents=['org_id']) }}
