"""What users of other engines have complained about for years, each told once and right here."""
