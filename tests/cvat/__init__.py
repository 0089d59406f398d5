"""A CVAT to pull from: its API over a small state, on the loopback interface."""
