"""Databases for tests: a fresh SQLite file per test, one PostgreSQL database per run.

The schema comes from the migrations, run once per kind of database; a test then gets a copy of
the SQLite file, or the PostgreSQL database with its tables emptied.
"""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from psycopg import sql

from interview import create_app
from interview.extensions import db
from interview.settings import Settings

SECRET = "only-for-tests-only-for-tests-only-for-tests"
POSTGRES_SERVER = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432")
POSTGRES_ABSENT = "PostgreSQL is not running on its standard port"


def make_settings(instance: Path, **values: object) -> Settings:
    """Return settings of a test with everything it writes under `instance`."""
    return Settings(
        **{"environment": "test", "secret_key": SECRET, "instance_dir": instance, **values}
    )


def migrate_fresh(instance: Path, url: str) -> None:
    """Run every migration on an empty database."""
    app = create_app(make_settings(instance, database_url=url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


def sqlite_template(folder: Path) -> Path:
    """Return a SQLite file with the whole schema and what the migrations fill in."""
    path = folder / "template.db"
    migrate_fresh(folder, f"sqlite:///{path}")
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """Return the address of a fresh copy of the template in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "interview.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@contextlib.contextmanager
def postgres_database() -> Iterator[str]:
    """Create an empty PostgreSQL database, give its address, drop it; skip without a server."""
    name = f"interview_test_{uuid.uuid4().hex[:12]}"
    try:
        server = psycopg.connect(f"{POSTGRES_SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip(POSTGRES_ABSENT)
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{POSTGRES_SERVER.replace('postgresql:', 'postgresql+psycopg:')}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def empty_tables(url: str) -> None:
    """Delete all rows of the application's tables and start their counters anew."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
