"""目标制定 (P02): a unit's targets, from their arrival from above to the document that issues them.

Diagrams, decisions, records, services and queries of this stage; nothing about scoring.
"""
