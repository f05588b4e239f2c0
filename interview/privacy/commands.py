"""Commands that look after fairness and privacy: `flask audit …`."""

from collections.abc import Callable

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from interview.extensions import db
from interview.practice.models import Answer, Question
from interview.privacy import bias
from interview.privacy.models import SelfDescription
from interview.recruiting import reviewing
from interview.recruiting.models import ApplicationInterview, Invitation, InvitationState
from interview.recruiting.scorecard_models import Decision, Rating, Scorecard
from interview.recruiting.scorecards import Outcome

CHOSEN = {Outcome.NEXT: True, Outcome.OFFER: True, Outcome.DECLINE: False}
"""What a decision means for the audit; an outcome that is not named decides nothing yet."""

FORMATS: dict[str, Callable[[bias.Audit], str]] = {
    "markdown": bias.as_markdown,
    "csv": bias.as_csv,
    "json": bias.as_json,
}


@click.group()
def audit() -> None:
    """Check what the platform and its people do."""


@audit.command("bias")
@click.argument("application", type=int)
@click.option(
    "--format", "kind", default="markdown", show_default=True, type=click.Choice(list(FORMATS))
)
@with_appcontext
def check_bias(application: int, kind: str) -> None:
    """Print rates and impact ratios by self-reported group of an APPLICATION interview.

    APPLICATION is its number, as in the address of its page.
    """
    found = db.session.get(ApplicationInterview, application)
    if found is None:
        raise click.ClickException(f"There is no application interview {application}.")
    click.echo(FORMATS[kind](bias.audit(found.title, cases(application))), nl=False)


def cases(application_id: int) -> list[bias.Case]:
    """Return the candidates with an answer or a decision: groups, newest decisions, mean ratings.

    An answer counts once people may see it: when all are sent, or when the time is over.
    """
    newest = (
        sa.select(Decision.outcome)
        .where(Decision.invitation_id == Invitation.id)
        .order_by(Decision.created_at.desc(), Decision.id.desc())
        .limit(1)
        .correlate(Invitation)
        .scalar_subquery()
    )
    mean = (
        sa.select(sa.func.avg(Rating.level))
        .join(Scorecard, Scorecard.id == Rating.scorecard_id)
        .where(Scorecard.invitation_id == Invitation.id, Scorecard.submitted_at.is_not(None))
        .correlate(Invitation)
        .scalar_subquery()
    )
    application = db.session.get_one(ApplicationInterview, application_id)
    seen = reviewing.candidate_ids(application)
    handed_in = sa.or_(
        Invitation.state == InvitationState.SUBMITTED,
        sa.exists()
        .where(Question.interview_id == Invitation.interview_id)
        .where(Answer.question_id == Question.id, Answer.submitted_at.is_not(None)),
    )
    decided = sa.exists().where(Decision.invitation_id == Invitation.id)
    query = (
        sa.select(SelfDescription.sex, SelfDescription.ethnicity, newest, mean)
        .select_from(Invitation)
        .outerjoin(SelfDescription, SelfDescription.candidate_id == Invitation.candidate_id)
        .where(
            Invitation.application_id == application_id,
            sa.or_(sa.and_(Invitation.id.in_(seen), handed_in), decided),
        )
    )
    return [
        bias.Case(
            sex,
            ethnicity,
            CHOSEN.get(outcome) if outcome else None,
            None if score is None else float(score),
        )
        for sex, ethnicity, outcome, score in db.session.execute(query)
    ]
