"""Called processes: children in batches, what they tell their caller, and when enough have come."""
