"""What comes from outside a step: messages, signals and the clock."""
