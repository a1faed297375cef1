"""自评与目标考核 (P10): exemption, self-assessment, automatic and human scores, the unit's total."""
