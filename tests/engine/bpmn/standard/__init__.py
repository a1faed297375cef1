"""Any model of the standard's constructs, any history: the engine against a token game in plain Python.

`trees` are processes as nested blocks, `drawing` makes a diagram of one, `game` plays it by the standard's
words, and `test_machine` lets both live through the same random events.
"""
