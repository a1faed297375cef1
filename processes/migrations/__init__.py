"""The assessment's own revisions; the engine's stand in engine/store/migrations/versions."""
