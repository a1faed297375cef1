"""过程监控 (P06, P07): decisions on progress and on notices. Nothing here yet but the rules."""
