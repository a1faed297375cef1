"""What people may do with a task: one module a verb, all through one door."""
