"""待办: the lists of a person's work, the task page, what was done with it, notices.

Reads engine.work, acts through engine.verbs; holds no rule of its own.
"""
