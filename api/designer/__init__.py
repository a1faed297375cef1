"""流程: what is deployed, its versions and diagrams, and the designer that makes new versions.

Checking and deploying are engine.bpmn's and engine.runtime's; nothing here understands a diagram.
"""
