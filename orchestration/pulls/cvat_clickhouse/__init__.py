"""CVAT's own ClickHouse: the events that CVAT wrote, read over HTTP in slices of event time.

`settings` says where and what, `server` asks, `slices` says what is unread, `noted` remembers what
was read, `pull` does it. All times are whole ms since the epoch, all spans leave their end out.
"""
