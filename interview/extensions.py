"""Extensions, created once here and bound to an application in `create_app`."""

from functools import cached_property

from babel.support import NullTranslations
from flask import g, has_request_context, request
from flask_babel import Babel, Domain
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from interview.accounts.forms import Passwords
from interview.accounts.mail import Mailer


class Base(DeclarativeBase):
    """Declarative base; constraint names are spelled out so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Catalogue(Domain):
    """The translations of a request, looked up once: its language does not change on the way.

    Flask-Babel finds out the language and its catalogue anew for each of a page's hundreds of
    texts, which takes longer than the queries of the page.
    """

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the request's language."""
        if not g:
            return super().get_translations()
        if "translations" not in g:
            g.translations = super().get_translations()
        return g.translations


class Translator(Babel):
    """Flask-Babel with our catalogue."""

    @cached_property
    def domain_instance(self) -> Catalogue:
        """The message domain of all rooms."""
        return Catalogue(domain=self.domain)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
security = Security(mail_util_cls=Mailer, password_util_cls=Passwords)
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)
babel = Translator()
mail = Mail()


def select_locale() -> str:
    """Return the offered language that the browser prefers; a command gets the first one."""
    from flask import current_app

    languages = current_app.config["SETTINGS"].languages
    if not has_request_context():
        return languages[0]
    return request.accept_languages.best_match(languages, languages[0]) or languages[0]
