"""Jobs as they are taken and run, each in a transaction with its own end."""
