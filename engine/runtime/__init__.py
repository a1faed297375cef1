"""What runs: definitions, the durable step, called processes, events, incidents, background work.

`steps` is the one place where tokens, items, history, timers, subscriptions and jobs are written together.
"""
