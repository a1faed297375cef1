"""Definitions and versions, instances, the durable step, timers, messages, fan-out, incidents.

`step` is the one place where tokens, items, history, timers, subscriptions and jobs are written together.
"""
