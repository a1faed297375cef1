"""The assessment: one folder a stage (diagrams, decisions, records, services, queries), profiles, data.

Nothing here speaks HTTP, and no procedure is coded here: procedures are the diagrams.
"""
