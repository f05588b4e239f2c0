"""Addresses for load balancers: is the process alive, is it ready to serve."""

import logging

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, jsonify

from interview.extensions import csrf, db, limiter, migrate
from interview.jobs.queue import queue

log = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__)
csrf.exempt(blueprint)
limiter.exempt(blueprint)


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether database, schema and queue can be used."""
    checks = {"database": _check_database, "schema": _check_schema, "queue": _check_queue}
    result = {}
    for name, check in checks.items():
        try:
            result[name] = "ok" if check() else "not ready"
        except Exception:
            log.exception("readiness check %s failed", name)
            result[name] = "failed"
    good = all(value == "ok" for value in result.values())
    return jsonify(status="ok" if good else "not ready", **result), 200 if good else 503


def _check_database() -> bool:
    return db.session.execute(sa.text("SELECT 1")).scalar() == 1


def _check_schema() -> bool:
    heads = ScriptDirectory.from_config(migrate.get_config()).get_heads()
    current = MigrationContext.configure(db.session.connection()).get_current_heads()
    return set(current) == set(heads)


def _check_queue() -> bool:
    return queue.storage.queue_size() >= 0
