"""Entry: `app` for gunicorn and the flask command; `python app.py` serves one machine."""

import os
import secrets
import sys

from interview import create_app
from interview.cli import works_without_secret
from interview.settings import SettingsError, prepare_local_run

if __name__ == "__main__":
    prepare_local_run()
elif os.environ.get("FLASK_RUN_FROM_CLI") and works_without_secret(sys.argv):
    os.environ.setdefault("ENVIRONMENT", "local")
    os.environ["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(48)

try:
    app = create_app()
except SettingsError as error:
    sys.exit(str(error))

if __name__ == "__main__":
    from interview.local import serve

    sys.exit(serve(app))
