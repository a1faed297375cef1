"""The office's view of a year: who is where, who is late, what still has no value; and units' targets.

Asks processes.planning and engine.work; reminding goes through engine.verbs.
"""
