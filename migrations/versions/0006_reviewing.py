"""shares of practice, scorecards with their ratings, decisions

Revision ID: 0006
Revises: 0005
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def foreign_key(table, column, target, ondelete="CASCADE"):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def upgrade():
    op.create_table(
        "shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        foreign_key("shares", "answer_id", "answers"),
        foreign_key("shares", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sa.UniqueConstraint("token_hash", name="uq_shares_token_hash"),
    )
    op.create_index("ix_shares_answer_id", "shares", ["answer_id"])
    op.create_index("ix_shares_organisation_id", "shares", ["organisation_id"])
    op.create_table(
        "scorecards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        foreign_key("scorecards", "invitation_id", "invitations"),
        foreign_key("scorecards", "rater_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_scorecards"),
        sa.UniqueConstraint(
            "invitation_id", "rater_id", name="uq_scorecards_invitation_id_rater_id"
        ),
    )
    op.create_index("ix_scorecards_rater_id", "scorecards", ["rater_id"])
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("prompt_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="ck_ratings_level"),
        foreign_key("ratings", "scorecard_id", "scorecards"),
        foreign_key("ratings", "prompt_id", "application_prompts"),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
        sa.UniqueConstraint(
            "scorecard_id", "prompt_id", name="uq_ratings_scorecard_id_prompt_id"
        ),
    )
    op.create_index("ix_ratings_prompt_id", "ratings", ["prompt_id"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        foreign_key("decisions", "invitation_id", "invitations"),
        foreign_key("decisions", "author_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_invitation_id", "decisions", ["invitation_id"])
    op.create_index("ix_decisions_author_id", "decisions", ["author_id"])


def downgrade():
    for table in ("decisions", "ratings", "scorecards", "shares"):
        op.drop_table(table)
