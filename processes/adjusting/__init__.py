"""What changes a target after it was set: 挑战指标 (P04) and 目标调整 (P05).

Cases, what was asked for, and what was decided are rows that are only added. How a target is set lives in
`planning`; how it is scored in `evaluation`.
"""
