"""the admins' room: translations and files of prompts, invitations to an account, announcements,
looks at answers, and workers that say that they are there

Revision ID: 0007
Revises: 0006
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def foreign_key(table, column, target, ondelete):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def upgrade():
    # Written out, as Alembic would add the reference apart, which SQLite cannot.
    op.execute(
        "ALTER TABLE prompts ADD COLUMN original_id INTEGER "
        "CONSTRAINT fk_prompts_original_id REFERENCES prompts (id)"
    )
    op.create_index("ix_prompts_original_id", "prompts", ["original_id"])
    op.create_table(
        "prompt_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        foreign_key("prompt_files", "author_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_prompt_files"),
    )
    op.create_index("ix_prompt_files_author_id", "prompt_files", ["author_id"])
    op.create_table(
        "signup_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        foreign_key("signup_invitations", "author_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_signup_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_signup_invitations_token_hash"),
    )
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_announcements_ends_at", "announcements", ["ends_at"])
    op.create_table(
        "broken_glass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("admin_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("broken_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        foreign_key("broken_glass", "candidate_id", "candidates", "CASCADE"),
        foreign_key("broken_glass", "answer_id", "answers", "SET NULL"),
        foreign_key("broken_glass", "admin_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_broken_glass"),
    )
    op.create_index("ix_broken_glass_candidate_id", "broken_glass", ["candidate_id"])
    op.create_index("ix_broken_glass_answer_id", "broken_glass", ["answer_id"])
    op.create_table(
        "workers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("threads", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )


def downgrade():
    for table in (
        *("workers", "broken_glass", "announcements"),
        *("signup_invitations", "prompt_files"),
    ):
        op.drop_table(table)
    op.drop_index("ix_prompts_original_id", "prompts")
    op.drop_column("prompts", "original_id")
