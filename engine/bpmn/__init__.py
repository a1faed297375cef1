"""Diagrams: read them through a gate, check them, turn the dialect into token semantics.

Nothing here touches the database, the clock or HTTP; only this room may import SpiffWorkflow.
"""
