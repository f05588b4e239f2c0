"""How the platform talks to its databases: SQLite in WAL mode, or PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from interview.extensions import db

BUSY_SECONDS = 30


def engine_options(url: str) -> dict[str, Any]:
    """Return the engine's options for a database address."""
    # What people write must not reach the log through a failing statement's parameters.
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        # Python's driver opens a transaction only before the first write; IMMEDIATE makes that
        # write wait its turn (BUSY_SECONDS) instead of failing when another process was faster.
        arguments = {"isolation_level": "IMMEDIATE", "timeout": BUSY_SECONDS}
        return options | {"connect_args": arguments}
    return options | {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10}


def init_app(app: Flask) -> None:
    """Prepare every new SQLite connection."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _prepare_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def upsert(table: sa.Table) -> Any:
    """Return the dialect's INSERT for a table, which knows ON CONFLICT."""
    if db.session.get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert
    return insert(table)


def lock(model: type[Any], key: Any) -> None:
    """Hold a row until the transaction ends; works on both databases.

    On SQLite the write takes the database's one writing place.
    """
    db.session.execute(sa.update(model).where(model.id == key).values(id=key))
