"""The steps between an XML tree and a Model: vocabulary, references, code, standard rules, building.

Only `engine.bpmn.reader` and the lint call in here; lxml stays inside this folder and the gate.
"""
