"""HTTP: pages, the REST interface, log-in, files. Every action goes through the doors of the rooms below.

No rule of the assessment and no engine state lives here.
"""
