"""The assets of the warehouse, from landed files to the published state."""
