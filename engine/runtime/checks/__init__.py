"""`bihuan verify`: whether the database holds together. Reads only; each fault is a sentence with its place.

Every check compares what was written apart: tokens and rows, counters and children, chains and heads.
"""
