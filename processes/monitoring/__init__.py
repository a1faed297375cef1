"""过程监控 (P06) and 绩效改进通知 (P07): months with lights, cards and bulletins; notices, their improvement.

Diagrams, decisions, tables and what the diagrams call. No HTTP here; no rule but in the decisions.
"""
