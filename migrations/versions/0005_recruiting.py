"""organisations, application interviews, invitations, consent; pools of averages

Revision ID: 0005
Revises: 0004

Columns of tables that others refer to are added and dropped in place (see 0002). Nothing refers
to the averages, which get `pool` in their primary key, so those are built anew on SQLite.
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEYS = {
    "peer_bins": ["mode", "prompt_id", "measure", "bin"],
    "peer_terms": ["mode", "prompt_id", "kind", "term"],
}
MOMENT = sa.DateTime(timezone=True)


def foreign_key(table, column, target, ondelete=None):
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def upgrade():
    create_tables()
    op.add_column("interviews", sa.Column("pool", sa.Integer(), nullable=False, server_default="0"))
    for name in ("own_think_seconds", "own_answer_seconds", "own_max_takes"):
        op.add_column("questions", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("reports", sa.Column("pool", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_reports_candidate_id_mode_prompt_id", "reports")
    op.create_index(
        "ix_reports_candidate_id_pool_mode_prompt_id",
        "reports",
        ["candidate_id", "pool", "mode", "prompt_id"],
    )
    # Written out, as Alembic would add the reference apart, which SQLite cannot.
    op.execute(
        "ALTER TABLE prompts ADD COLUMN organisation_id INTEGER "
        "CONSTRAINT fk_prompts_organisation_id REFERENCES organisations (id)"
    )
    op.drop_index("ix_peer_terms_mode_prompt_id_kind_candidates", "peer_terms")
    for table, key in KEYS.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("pool", sa.Integer(), nullable=False, server_default="0"))
            batch.drop_constraint(f"pk_{table}", type_="primary")
            batch.create_primary_key(f"pk_{table}", ["pool", *key])
    op.create_index(
        "ix_peer_terms_pool_mode_prompt_id_kind_candidates",
        "peer_terms",
        ["pool", "mode", "prompt_id", "kind", "candidates"],
    )


def create_tables():
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        foreign_key("memberships", "organisation_id", "organisations", "CASCADE"),
        foreign_key("memberships", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
        sa.UniqueConstraint("token_hash", name="uq_memberships_token_hash"),
        sa.UniqueConstraint("organisation_id", "email", name="uq_memberships_organisation_id_email"),
        sa.UniqueConstraint(
            "organisation_id", "user_id", name="uq_memberships_organisation_id_user_id"
        ),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"])
    op.create_table(
        "application_interviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("think_seconds", sa.Integer(), nullable=False),
        sa.Column("answer_seconds", sa.Integer(), nullable=False),
        sa.Column("max_takes", sa.Integer(), nullable=True),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        foreign_key("application_interviews", "organisation_id", "organisations", "CASCADE"),
        foreign_key("application_interviews", "author_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_application_interviews"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_application_interviews_organisation_id", "application_interviews", ["organisation_id"]
    )
    op.create_table(
        "application_prompts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        foreign_key("application_prompts", "application_id", "application_interviews", "CASCADE"),
        foreign_key("application_prompts", "revision_id", "prompt_revisions"),
        sa.PrimaryKeyConstraint("id", name="pk_application_prompts"),
        sa.UniqueConstraint(
            "application_id", "position", name="uq_application_prompts_application_id_position"
        ),
    )
    op.create_index("ix_application_prompts_revision_id", "application_prompts", ["revision_id"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("resume_hash", sa.String(length=64), nullable=True),
        sa.Column("resume_until", MOMENT, nullable=True),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("interview_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        foreign_key("invitations", "application_id", "application_interviews", "CASCADE"),
        foreign_key("invitations", "candidate_id", "candidates", "SET NULL"),
        foreign_key("invitations", "interview_id", "interviews", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
        sa.UniqueConstraint("resume_hash", name="uq_invitations_resume_hash"),
        sa.UniqueConstraint("interview_id", name="uq_invitations_interview_id"),
    )
    op.create_index("ix_invitations_candidate_id", "invitations", ["candidate_id"])
    op.create_index(
        "ix_invitations_application_id_email", "invitations", ["application_id", "email"]
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("analysis", sa.Boolean(), nullable=False),
        sa.Column("traits", sa.Boolean(), nullable=False),
        sa.Column("emotions", sa.Boolean(), nullable=False),
        sa.Column("recording", sa.Boolean(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        foreign_key("consents", "invitation_id", "invitations", "CASCADE"),
        foreign_key("consents", "candidate_id", "candidates", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_candidate_id", "consents", ["candidate_id"])
    op.create_index("ix_consents_invitation_id", "consents", ["invitation_id"])


def downgrade():
    # What applications added must not count as practice afterwards.
    op.execute("UPDATE reports SET counted = false WHERE pool <> 0")
    op.drop_index("ix_peer_terms_pool_mode_prompt_id_kind_candidates", "peer_terms")
    for table, key in KEYS.items():
        op.execute(f"DELETE FROM {table} WHERE pool <> 0")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"pk_{table}", type_="primary")
            batch.create_primary_key(f"pk_{table}", key)
            batch.drop_column("pool")
    op.create_index(
        "ix_peer_terms_mode_prompt_id_kind_candidates",
        "peer_terms",
        ["mode", "prompt_id", "kind", "candidates"],
    )
    op.drop_column("prompts", "organisation_id")
    op.drop_index("ix_reports_candidate_id_pool_mode_prompt_id", "reports")
    op.create_index(
        "ix_reports_candidate_id_mode_prompt_id", "reports", ["candidate_id", "mode", "prompt_id"]
    )
    op.drop_column("reports", "pool")
    for name in ("own_max_takes", "own_answer_seconds", "own_think_seconds"):
        op.drop_column("questions", name)
    op.drop_column("interviews", "pool")
    for table in (
        *("consents", "invitations", "application_prompts"),
        *("application_interviews", "memberships", "organisations"),
    ):
        op.drop_table(table)
