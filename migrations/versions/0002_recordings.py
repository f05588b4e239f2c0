"""recordings of answers, and how many takes a prompt allows

Revision ID: 0002
Revises: 0001

Columns are added and dropped in place: SQLite's batch mode would build each table anew, and
dropping the old one would take the rows that refer to it along.
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("answers", sa.Column("recording_key", sa.String(length=80), nullable=True))
    op.add_column("answers", sa.Column("recording_id", sa.String(length=40), nullable=True))
    op.add_column("answers", sa.Column("recording_type", sa.String(length=40), nullable=True))
    op.add_column(
        "answers", sa.Column("recording_bytes", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "answers",
        sa.Column("recording_clean", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("prompt_revisions", sa.Column("max_takes", sa.Integer(), nullable=True))


def downgrade():
    op.drop_column("prompt_revisions", "max_takes")
    op.drop_column("answers", "recording_clean")
    op.drop_column("answers", "recording_bytes")
    op.drop_column("answers", "recording_type")
    op.drop_column("answers", "recording_id")
    op.drop_column("answers", "recording_key")
