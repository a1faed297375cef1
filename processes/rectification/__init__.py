"""整改与问责: what the public says is sorted, promised, put right, measured and shown; sanctions."""
