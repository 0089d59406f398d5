-- Everyone who occurs in an event, with the name and e-mail last seen.
{{ seen_entities('user', says=['user_name', 'user_email']) }}
