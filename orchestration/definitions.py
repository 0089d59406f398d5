"""The front door for Dagster: the definitions over the warehouse at WAREHOUSE_HOME.

Start it with `warehouse dagster`, or with DAGSTER_HOME set and `dagster dev`.
"""

from orchestration.home import Home
from orchestration.house import define

defs = define(Home.from_environment())
