"""Open pages are told of news at once, by server-sent events. Every page works without."""
