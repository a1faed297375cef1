"""The lists of work at size: a city of thousands of people with millions of tasks, and what looking costs."""
