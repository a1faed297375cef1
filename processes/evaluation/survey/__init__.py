"""满意度调查: questionnaire, layers, one-time codes, the open page, the tally, the report."""
