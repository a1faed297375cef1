"""Moving running instances to another version of their process: checked first, each in its own transaction.

An instance can be moved back until it has gone on. What it waits for is brought in line; its history stays.
"""
