"""Units, users, posts, rights, log-in, stand-ins and the working calendar.

Knows nothing of diagrams, work items or assessment; takes only the store, the clock and ids.
"""
