"""What the warehouse costs: commands that print ratios, never tests that assert a time."""
