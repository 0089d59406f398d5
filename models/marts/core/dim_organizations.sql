-- Every organization that occurs in an event, with the slug last seen.
{{ seen_entities('org', says=['org_slug']) }}
