"""What readers need of a build file: the schemas that they see, and what views there read."""

from __future__ import annotations

import json
import re

import duckdb

Name = tuple[str, str]
"""Schema and relation."""

_PUBLISHED_SCHEMAS = re.compile(r"core|rollups|measures(_\w+)?|reports|quality")
_RELATIONS = """
    select schema_name, table_name, cast(null as varchar) as syntax
    from duckdb_tables()
    where not internal and database_name = current_database()
    union all
    select schema_name, view_name, json_serialize_sql(regexp_extract(sql, '(?s) AS (.*);', 1))
    from duckdb_views()
    where not internal and database_name = current_database()
"""


def is_published_schema(name: str) -> bool:
    """Say whether readers see the schema."""
    return _PUBLISHED_SCHEMAS.fullmatch(name) is not None


def needed_relations(file: duckdb.DuckDBPyConnection) -> set[Name]:
    """Return the tables and views of published schemas and, step by step, those that they read."""
    read_by = {
        (schema, name): _read(syntax) if syntax else set()
        for schema, name, syntax in file.execute(_RELATIONS).fetchall()
    }
    needed: set[Name] = set()
    found = {(schema, name) for schema, name in read_by if is_published_schema(schema)}
    while found:
        needed |= found
        found = {read for name in found for read in read_by[name] if read in read_by} - needed
    return needed


def _read(syntax: str) -> set[Name]:
    """Return what a statement reads. A step of its own has no schema and so matches no relation."""
    names: set[Name] = set()

    def note(node: dict) -> dict:
        if node.get("type") == "BASE_TABLE":
            names.add((node["schema_name"], node["table_name"]))
        return node

    json.loads(syntax, object_hook=note)
    return names
