"""A virtual city that works a whole year on a virtual clock, through the same doors as people.

Nothing here decides anything about the assessment: it founds a city, and its people answer what lies before
them. No rule, step or deadline may live here.
"""
