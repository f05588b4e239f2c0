"""Tables of the queue: the workers that there are."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from interview.columns import UtcDateTime, now
from interview.extensions import db


class Worker(db.Model):
    """A worker's process, which says regularly that it is there."""

    __tablename__ = "workers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    threads: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
