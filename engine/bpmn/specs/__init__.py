"""What each BPMN element does with a token: one element, one small file.

No database, no clock, no parsing here.
"""
