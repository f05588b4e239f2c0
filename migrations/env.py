"""Runs migrations on the application's database; called by Flask-Migrate."""

from typing import Any

from alembic import context
from flask import current_app

from interview.columns import UtcDateTime

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _context: object) -> str | bool:
    """Write the platform's own types as the database's: a migration outlives our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_migrations_online() -> None:
    """Run the migrations in one transaction, in batch mode for SQLite's limited ALTER."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
