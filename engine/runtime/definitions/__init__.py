"""Definitions and their versions: deployed together, read once, never changed."""
