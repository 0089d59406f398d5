"""CVAT's API of events: who asks for which events gets them as CVAT's CSV."""
