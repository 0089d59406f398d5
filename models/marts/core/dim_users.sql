-- Everyone who occurs in an event or whom CVAT's API shows, with the name and e-mail last seen.
{{ seen_entities('user', says=['user_name', 'user_email']) }}
