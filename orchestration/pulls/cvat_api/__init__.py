"""CVAT's names and states: what its API shows of organizations, projects, tasks, jobs and more.

`settings` says where and who, `client` asks, `resources` says what is kept, `changes` compares that
with the lake, `pull` does it.
"""
