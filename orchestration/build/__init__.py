"""Building: dbt over the lake, and the record of what the build file was made from."""

NOTHING_LANDED = "Nothing has landed yet. Run: warehouse land PATH (or, to try: warehouse refresh)"
