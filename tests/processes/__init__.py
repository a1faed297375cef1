"""The assessment's stages: records, diagrams and whole runs through the engine's door."""
