"""The durable step: an instance locked, moved in memory, and written back in one transaction."""
