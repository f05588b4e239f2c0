"""The messages of recruiting: plain text, with a link that only its reader has."""

from collections.abc import Collection

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from interview.accounts import mail
from interview.accounts.views import public_link
from interview.recruiting.invitations import Sent
from interview.recruiting.models import Organisation
from interview.recruiting.ownership import Asked, Ending


def send_invitation(sent: Sent) -> str:
    """Send a candidate their invitation; return its link."""
    application = sent.invitation.application
    link = public_link("applying.landing", token=sent.token)
    name = application.organisation.name
    mail.send(
        _("%(name)s invites you to an interview", name=name),
        sent.invitation.email,
        "\n\n".join(
            [
                _(
                    "%(name)s asks you for an interview: “%(title)s”.",
                    name=name,
                    title=application.title,
                ),
                _(
                    "You answer when it suits you, until %(moment)s UTC. The link shows what you "
                    "are asked for, who will see it and for how long, before you agree to "
                    "anything. It is yours alone; please do not pass it on.",
                    moment=format_datetime(application.deadline, "long"),
                ),
                link,
                _("If you did not expect this, you need not do anything."),
            ]
        ),
    )
    return link


def send_membership(organisation: Organisation, email: str, token: str) -> str:
    """Send somebody the link that makes them a member; return it."""
    link = public_link("recruiting.join", token=token)
    mail.send(
        _("Join %(name)s", name=organisation.name),
        email,
        "\n\n".join(
            [
                _(
                    "You are asked to be a member of %(name)s, which interviews candidates here. "
                    "Log in or make an account, then open this link:",
                    name=organisation.name,
                ),
                link,
                _("If you did not expect this, you need not do anything."),
            ]
        ),
    )
    return link


def send_appointment(organisation: Organisation, email: str, told: Collection[str]) -> None:
    """Tell the members at these addresses that an admin has made somebody an owner."""
    for recipient in told:
        mail.send(
            _("A new owner of %(name)s", name=organisation.name),
            recipient,
            "\n\n".join(
                [
                    _(
                        "An admin of this server has made %(email)s an owner of %(name)s. Owners "
                        "see everything that your candidates gave you.",
                        email=email,
                        name=organisation.name,
                    ),
                    _(
                        "If you did not expect this, ask the admins why. An owner can end the "
                        "membership here:"
                    ),
                    public_link("recruiting.organisation", organisation_id=organisation.id),
                ]
            ),
        )


def send_closing(ended: Ending) -> None:
    """Tell the members and the candidates of an organisation that it is closed."""
    name = ended.organisation.name
    subject = _("%(name)s has closed its place here", name=name)
    for email in ended.colleagues:
        mail.send(
            subject,
            email,
            _(
                "An owner has closed %(name)s. Nobody acts for it here any more, and what its "
                "candidates gave is shown to nobody but themselves until it is erased.",
                name=name,
            ),
        )
    for asked in ended.asked:
        mail.send(subject, asked.email, _of_closing(name, asked))


def _of_closing(name: str, asked: Asked) -> str:
    if not asked.has_begun:
        return _(
            "%(name)s had asked you for the interview “%(title)s”. The invitation has ended; you "
            "need not do anything.",
            name=name,
            title=asked.title,
        )
    return "\n\n".join(
        [
            _(
                "You took part in the interview “%(title)s” of %(name)s, which has closed its "
                "place here. Nobody there can see your answers any more. They are erased on "
                "%(date)s; before that you can withdraw, which erases them at once:",
                name=name,
                title=asked.title,
                date=format_date(asked.kept_until, "long"),
            ),
            public_link("applying.mine"),
        ]
    )


def send_resume(email: str, token: str) -> None:
    """Send a candidate the link that opens their application in another browser."""
    mail.send(
        _("Go on with your application"),
        email,
        "\n\n".join(
            [
                _(
                    "With this link you go on with your application in another browser. It works "
                    "once, within an hour; the browser that you used before is closed out then."
                ),
                public_link("applying.resume", token=token),
                _("If you did not ask for this, you need not do anything."),
            ]
        ),
    )
