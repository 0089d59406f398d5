"""How findings name people and organizations: by name, with the id that tells namesakes apart."""

from __future__ import annotations


def person(user_id: str) -> str:
    """Return the SQL that names the user of that id, where core.dim_users is joined by it."""
    return f"coalesce(dim_users.user_name || ' (' || {user_id} || ')', {user_id}, 'no user')"


def organization(org_id: str) -> str:
    """Return the SQL that names an organization, where core.dim_organizations is joined by it."""
    return (
        f"coalesce('organization ' || dim_organizations.org_slug || ' (' || {org_id} || ')',"
        f" 'organization ' || {org_id}, 'no organization')"
    )
