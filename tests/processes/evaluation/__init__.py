"""The rules that turn marks into scores, ranks and grades, without a database."""
