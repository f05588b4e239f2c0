"""members of organisations have the role that acting for one needs

Revision ID: 0009
Revises: 0008
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

roles = sa.table(
    "roles",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("description", sa.String),
)
roles_users = sa.table(
    "roles_users", sa.column("user_id", sa.Integer), sa.column("role_id", sa.Integer)
)
memberships = sa.table("memberships", sa.column("user_id", sa.Integer))


def upgrade():
    """Give the role to members who joined by a link, which did not ask for it until now."""
    recruits = (
        sa.select(roles_users.c.user_id)
        .join(roles, roles.c.id == roles_users.c.role_id)
        .where(roles.c.name.in_(["recruiter", "admin"]))
    )
    without = (
        sa.select(memberships.c.user_id)
        .where(memberships.c.user_id.is_not(None), memberships.c.user_id.not_in(recruits))
        .distinct()
    )
    connection = op.get_bind()
    found = connection.scalars(without).all()
    if not found:
        return
    of_recruiters = sa.select(roles.c.id).where(roles.c.name == "recruiter")
    role = connection.scalar(of_recruiters)
    if role is None:
        connection.execute(
            roles.insert().values(name="recruiter", description="Acts for organisations")
        )
        role = connection.scalar(of_recruiters)
    connection.execute(
        roles_users.insert(), [{"user_id": user_id, "role_id": role} for user_id in found]
    )


def downgrade():
    """Leave the role: who has it may do no less than before."""
