"""The cycle, one assessor's year: its profile, calendar, indicators, documents and publications.

What units do inside a stage belongs to that stage's folder.
"""
