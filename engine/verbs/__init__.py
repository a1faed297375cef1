"""What people may do with a task or an instance: one module a verb, one shape, all through one door each."""
