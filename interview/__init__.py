"""Interview Simulator: practise interviews, see what an answer conveys, keep it to yourself."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from interview.settings import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Return the wired application; the one place where everything meets.

    Raises SettingsError when the environment cannot be used.
    """
    # Imported here, so that `interview.analysis` stays a library that loads no web framework.
    from flask import Flask

    from interview import cli, database, errors, health, logs, pages, safety
    from interview.accounts import views as accounts
    from interview.admin import views as admin
    from interview.config import flask_config
    from interview.extensions import babel, csrf, db, limiter, mail, migrate, select_locale
    from interview.jobs.queue import queue
    from interview.media import store
    from interview.practice import views as practice
    from interview.privacy import views as privacy
    from interview.recruiting import applying_views as applying
    from interview.recruiting import exporting_views as exporting
    from interview.recruiting import reviewing_views as reviewing
    from interview.recruiting import sharing_views as sharing
    from interview.recruiting import views as recruiting
    from interview.settings import ROOT, load_settings

    settings = settings or load_settings()
    app = Flask(
        __name__,
        instance_path=str(settings.instance_dir.resolve()),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    app.config.from_mapping(flask_config(settings))

    logs.init_app(app)
    safety.init_app(app)  # before CSRF, which already reads the body
    errors.init_app(app)
    db.init_app(app)
    database.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    limiter.init_app(app)
    mail.init_app(app)
    babel.init_app(app, locale_selector=select_locale)
    queue.init_app(app)
    store.init_app(app)

    accounts.init_app(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(practice.blueprint)
    app.register_blueprint(privacy.blueprint)
    app.register_blueprint(recruiting.blueprint)
    app.register_blueprint(applying.blueprint)
    app.register_blueprint(sharing.blueprint)
    app.register_blueprint(reviewing.blueprint)
    app.register_blueprint(exporting.blueprint)
    app.register_blueprint(admin.blueprint)
    app.register_blueprint(admin.announcement_views.public)
    cli.init_app(app)
    return app
