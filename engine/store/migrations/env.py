"""Alembic's entry: runs revisions on the connection that the caller opened."""

from alembic import context

config = context.config
context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["metadata"],
    render_as_batch=config.attributes["connection"].dialect.name == "sqlite",
    compare_type=True,
)
context.run_migrations()
