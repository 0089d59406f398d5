"""The two HTTP APIs over the published warehouse: Dataloop's for measures, CVAT's for events."""
