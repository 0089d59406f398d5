"""Answers about measures against counting over the facts by hand."""
