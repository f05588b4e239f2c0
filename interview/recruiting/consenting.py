"""The words that a candidate agrees to, and the choices that they have.

Whoever changes what is said here sets a new VERSION. What was read is stored with each consent
word for word, in the language in which it was read.
"""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import LazyString, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from interview.admin import policy
from interview.recruiting.models import ApplicationInterview

VERSION = "2026-11"

CHOICES: Mapping[str, LazyString] = {
    "analysis": _l(
        "May a program analyse your answers? It counts words and, if you speak, measures pauses, "
        "pace and pitch. The figures are shown to the people of the organisation and to you."
    ),
    "traits": _l(
        "May it estimate from your words how you come across, in five traits of personality? Such "
        "estimates are often wrong. They are shown to the people of the organisation and to you."
    ),
    "emotions": _l(
        "May it estimate which emotions your face and voice convey to others? It does not know "
        "what you feel. The estimates are shown to the people of the organisation and to you."
    ),
    "recording": _l(
        "May the people of the organisation play your recordings? Otherwise they read only what "
        "you said, as you type it or as a program wrote it down."
    ),
}
"""The questions of the consent, in the order in which they are asked."""


def offered(application: ApplicationInterview) -> list[str]:
    """Return the choices that an application interview leaves to its candidates."""
    is_spoken = set(application.modes) != {"text"}
    asked = {
        "analysis": True,
        "traits": True,
        "emotions": is_spoken and policy.current().recruiter_emotions,
        "recording": is_spoken,
    }
    return [name for name in CHOICES if asked[name]]


def statements(application: ApplicationInterview, until: datetime) -> list[str]:
    """Return what a candidate is told before they agree, a sentence or two at a time.

    `until` is when everything of them is erased.
    """
    name = application.organisation.name
    told = [
        _("%(name)s asks you for this interview: “%(title)s”.", name=name, title=application.title),
        _(
            "Once you have sent all answers, or when the time is over, the owners, members and "
            "raters of %(name)s see those that you handed in: your words, and what you allow "
            "below. Nobody else does, and they see nothing of your practice.",
            name=name,
        ),
        _(
            "People look at your answers and decide. No program ranks you, sorts you or turns you "
            "down."
        ),
        _("They are shown your figures beside averages of this interview’s other candidates."),
    ]
    if "emotions" not in offered(application):
        told.append(_("No emotions are estimated from your face or voice."))
    return [
        *told,
        _(
            "Everything is erased on %(day)s, or as soon as you withdraw, which you can do at any "
            "time and without giving a reason. You can change your choices at any time, too.",
            day=format_date(until.date(), "long"),
        ),
        _("Declining a choice, or writing instead of speaking, is no disadvantage that we add."),
    ]


def text(application: ApplicationInterview, until: datetime, choices: Mapping[str, bool]) -> str:
    """Return what a candidate read and chose, to be stored with the consent."""
    chosen = [
        f"{CHOICES[name]} – {_('Yes') if choices.get(name) else _('No')}"
        for name in offered(application)
    ]
    return "\n".join([*statements(application, until), *chosen])
