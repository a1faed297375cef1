"""目标分解 (P03): a unit's targets in force broken down to divisions and persons, each confirmed or objected.

What a target asks for lives in planning and is never changed here; how it is going lives in monitoring.
"""
