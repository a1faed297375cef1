"""The real command line: each test runs `bihuan` in a process and a folder of its own."""
