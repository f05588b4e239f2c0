"""a consent names the day on which what it allows is erased

Revision ID: 0010
Revises: 0009
"""
import re
from datetime import datetime, timedelta

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TOLD = re.compile(r"Everything is erased on (\w+ \d{1,2}, \d{4}|\d{1,2} \w+ \d{4}),? or")
FORMS = ("%B %d, %Y", "%d %B %Y")

consents = sa.table(
    "consents",
    sa.column("id", sa.Integer),
    sa.column("invitation_id", sa.Uuid),
    sa.column("text", sa.Text),
    sa.column("kept_until", MOMENT),
)
invitations = sa.table(
    "invitations", sa.column("id", sa.Uuid), sa.column("application_id", sa.Integer)
)
applications = sa.table(
    "application_interviews",
    sa.column("id", sa.Integer),
    sa.column("deadline", MOMENT),
    sa.column("closed_at", MOMENT),
    sa.column("retention_days", sa.Integer),
)


def upgrade():
    """Take the day from the words that were read; where it is not found, the interview's own."""
    with op.batch_alter_table("consents") as batch:
        batch.add_column(sa.Column("kept_until", MOMENT, nullable=True))
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(
            consents.c.id,
            consents.c.text,
            applications.c.deadline,
            applications.c.closed_at,
            applications.c.retention_days,
        )
        .join(invitations, invitations.c.id == consents.c.invitation_id)
        .join(applications, applications.c.id == invitations.c.application_id)
    ).all()
    for key, text, deadline, closed_at, days in rows:
        end = min(deadline, closed_at or deadline) + timedelta(days=days)
        connection.execute(
            consents.update().where(consents.c.id == key).values(kept_until=_told(text, end))
        )
    with op.batch_alter_table("consents") as batch:
        batch.alter_column("kept_until", existing_type=MOMENT, nullable=False)


def _told(text, end):
    """Return the day that a consent's words name, at the time of day of `end`; `end` if none."""
    found = TOLD.search(text)
    for form in FORMS if found else ():
        try:
            day = datetime.strptime(found[1], form).date()
        except ValueError:
            continue
        return min(end, datetime.combine(day, end.timetz()))
    return end


def downgrade():
    """Forget the days."""
    with op.batch_alter_table("consents") as batch:
        batch.drop_column("kept_until")
