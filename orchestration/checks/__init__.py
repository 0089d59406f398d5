"""Checks of a finished build, made before it is published: what they find is shown, and warns."""
