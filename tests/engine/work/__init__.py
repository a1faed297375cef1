"""Lists of work, saved filters."""
