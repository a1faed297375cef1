"""目标分解: the diagrams, records and pages of the decomposition."""
