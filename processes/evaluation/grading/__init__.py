"""综合评定与定级 (P13): components become totals, ranks and grades, sealed to be computed again.

Diagrams, records, services and queries of this stage; every figure comes from a decision.
"""
