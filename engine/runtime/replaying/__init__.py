"""Replay: what instances were told, played once more on another version of their diagram, in memory.

Nothing is written but the record itself, one row a step, by the step.
"""
