"""Runs the warehouse: landing, building, publishing, from the command line and by Dagster."""
