"""Background work: a job is a row, queued inside the transaction that asks for it.

SQLite runs jobs in the server itself; on PostgreSQL procrastinate wakes the workers.
"""
