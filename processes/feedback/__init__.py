"""反馈与结果运用 (P14): decisions on what follows from a grade. Nothing here yet but the rules."""
