"""Tables of the admins' room: what they decided for the whole instance."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from interview.columns import UtcDateTime, now
from interview.extensions import db


class PolicyValue(db.Model):
    """One rule of the instance that an admin changed; without a row the setting holds."""

    __tablename__ = "policy_values"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
