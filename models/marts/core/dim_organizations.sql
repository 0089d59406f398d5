-- Every organization that occurs in an event or that CVAT's API shows, with the slug last seen.
{{ seen_entities('org', says=['org_slug']) }}
