"""What failed and waits for a person: noted, shown, mended."""
