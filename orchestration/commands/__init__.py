"""The commands of `warehouse`, one a module: `run(arguments, home)` returns the exit code."""
