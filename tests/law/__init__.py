"""The law: any sequence of loads ends in the tables that one full rebuild of the same files gives.

logs.py makes random small logs, files.py writes them, warehouses.py lands and builds them,
compare.py says where two warehouses differ, minimal.py makes a case that fails small.
"""
