"""The archive of everything that is kept of a person: a ZIP with JSON, recordings and a README.

What would let somebody act as the person (hashes of passwords and links), what only workers use,
and the numbers of other people's accounts stay out.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from interview.accounts.models import Candidate
from interview.columns import now
from interview.extensions import db
from interview.media.store import CHUNK_BYTES, store
from interview.practice.models import Answer
from interview.privacy import belongings
from interview.privacy.models import ActorKind, AuditEntry, Export

HIDDEN = re.compile(
    r"(.*_(hash|key|token))|password|fs_uniquifier|lease_until|attempts|rater_id|author_id|admin_id"
)
"""Names of columns that stay out."""

NOT_FINAL = {"scorecards": "submitted_at"}
"""Tables whose rows are somebody's private notes as long as a column is empty."""

SUFFIXES = {
    "audio/mpeg": "mp3",
    "application/octet-stream": "bin",
}
AT_ONCE = 500
"""How many objects one query for the audit log names."""

Progress = Callable[[int], None]


def write(path: Path, candidate_id: int, progress: Progress) -> None:
    """Write the archive of a person at a path; `progress` is told percents on the way.

    A recording that was erased meanwhile is left out.
    """
    user_id = db.session.scalar(sa.select(Candidate.user_id).where(Candidate.id == candidate_id))
    rows = _final(belongings.owned(candidate_id, user_id))
    rows.pop(Export.__table__, None)  # this archive itself
    names: dict[str, str] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        counts = {}
        for number, (table, which) in enumerate(rows.items()):
            progress(40 * number // len(rows))
            counts[table.name] = _write_table(archive, table, which, names)
        counts["audit_entries"] = _write_json(
            archive, "audit_entries", _audit_entries(rows, user_id, candidate_id)
        )
        archive.writestr("answers.txt", _answers(candidate_id, names))
        archive.writestr("README.txt", _readme(counts, len(names)))
        db.session.commit()  # nothing stays open while files are copied
        for number, (key, name) in enumerate(names.items()):
            progress(40 + 59 * number // len(names))
            _copy(archive, key, name)


def _final(rows: belongings.Owned) -> belongings.Owned:
    """Leave out what others have only noted for themselves, with all that hangs on it."""
    kept = {}
    for table, which in rows.items():
        conditions = [which]
        if column := NOT_FINAL.get(table.name):
            conditions.append(table.c[column].is_not(None))
        for key in table.foreign_keys:
            parent = key.column.table
            if empty := NOT_FINAL.get(parent.name):
                final = sa.select(key.column).where(parent.c[empty].is_not(None))
                conditions.append(key.parent.in_(final))
        kept[table] = sa.and_(*conditions)
    return kept


def _write_table(
    archive: zipfile.ZipFile,
    table: sa.Table,
    which: sa.ColumnElement[bool],
    names: dict[str, str],
) -> int:
    """Write the rows of a table, and add its files to `names`: their keys, and their places."""

    def rows() -> Iterator[dict[str, Any]]:
        query = sa.select(table).where(which).execution_options(yield_per=100)
        for row in db.session.execute(query).mappings():
            shown = {
                name: belongings.plain(value)
                for name, value in row.items()
                if not HIDDEN.fullmatch(name)
            }
            for column in belongings.file_columns(table):
                if key := row[column.name]:
                    names[key] = _file_name(table, row, column.name)
                    shown[column.name.removesuffix("_key") + "_file"] = names[key]
            yield shown

    return _write_json(archive, table.name, rows())


def _write_json(archive: zipfile.ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> int:
    """Write rows as a list, one by one, so that memory does not grow with them; return how many."""
    count = 0
    with archive.open(f"data/{name}.json", "w", force_zip64=True) as file:
        file.write(b"[")
        for row in rows:
            file.write(b",\n" if count else b"\n")
            file.write(json.dumps(row, ensure_ascii=False, indent=1).encode())
            count += 1
        file.write(b"\n]\n")
    return count


def _file_name(table: sa.Table, row: Any, column: str) -> str:
    kind = column.removesuffix("_key")
    content_type = str(row.get(f"{kind}_type") or "application/octet-stream")
    suffix = SUFFIXES.get(content_type, content_type.partition("/")[2])
    return f"{kind}s/{table.name.removesuffix('s')}-{row['id']}.{suffix}"


def _copy(archive: zipfile.ZipFile, key: str, name: str) -> None:
    try:
        file = store.open(key)
    except FileNotFoundError:
        return
    # Sound and pictures are compressed already.
    info = zipfile.ZipInfo(name, date_time=now().timetuple()[:6])
    with file, archive.open(info, "w", force_zip64=True) as target:
        while chunk := file.read(CHUNK_BYTES):
            target.write(chunk)


def _audit_entries(
    rows: belongings.Owned, user_id: int | None, candidate_id: int
) -> Iterator[dict[str, Any]]:
    """Yield what the person did, and what was done to what is theirs, without who else did it."""
    kind, number = (
        (ActorKind.USER, user_id) if user_id is not None else (ActorKind.GUEST, candidate_id)
    )
    own = sa.and_(AuditEntry.actor_kind == kind, AuditEntry.actor_id == number)
    for which in [own, *_about(rows, own)]:
        for entry in db.session.scalars(sa.select(AuditEntry).where(which).order_by(AuditEntry.id)):
            mine = (entry.actor_kind, entry.actor_id) == (kind, number)
            yield {
                "happened_at": entry.happened_at.isoformat(),
                "by": "you" if mine else entry.actor_kind,
                "action": entry.action,
                "object_kind": entry.object_kind,
                "object_id": entry.object_id,
                "details": entry.details,
            }


def _about(rows: belongings.Owned, own: sa.ColumnElement[bool]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield what finds the entries about rows that are theirs, some hundred rows at a time."""
    for table, which in rows.items():
        if "id" not in table.c:
            continue
        keys = [str(key) for key in db.session.scalars(sa.select(table.c.id).where(which))]
        for first in range(0, len(keys), AT_ONCE):
            yield sa.and_(
                AuditEntry.object_kind == table.name.removesuffix("s"),
                AuditEntry.object_id.in_(keys[first : first + AT_ONCE]),
                # A number that was taken out of the log is equal to none, and unequal to none.
                sa.func.coalesce(sa.not_(own), sa.true()),
            )


def _answers(candidate_id: int, names: dict[str, str]) -> str:
    """Return every question with what was answered, to be read by people."""
    query = sa.select(Answer).where(Answer.candidate_id == candidate_id).order_by(Answer.created_at)
    parts = []
    for answer in db.session.scalars(query):
        parts += [
            f"{answer.created_at:%Y-%m-%d %H:%M} UTC",
            answer.question.revision.text,
            _("Take %(number)s", number=answer.take) + f" ({answer.id})",
        ]
        if answer.recording_key in names:
            parts.append(names[answer.recording_key])
        parts += [answer.text, "-" * 72]
    return "\n\n".join(part for part in parts if part) + "\n"


def _readme(counts: dict[str, int], files: int) -> str:
    """Return what is in the archive, in plain words."""
    lines = [
        _("Everything that Interview Simulator keeps of you"),
        f"{now():%Y-%m-%d %H:%M} UTC",
        "",
        _("answers.txt holds your answers and the questions, to be read."),
        _("recordings/ and documents/ hold your files as they are stored: %(n)s.", n=files),
        _("data/ holds every row of the database that is yours, as JSON, one file per table:"),
        "",
        *(f"  data/{name}.json  {count}" for name, count in counts.items()),
        "",
        _(
            "The table reports holds what the analysis found. Its scores are estimates of models; "
            "how far to trust them says the platform's page about each model."
        ),
        _(
            "scorecards, ratings and decisions are what people of an organisation wrote about your "
            "application and handed in. Who wrote them is left out, as it is about them."
        ),
        _("audit_entries says who saw, exported or erased what is yours, and when."),
        _(
            "Left out: forms of your password and of links from which nobody could learn anything, "
            "numbers that only our programs use, and notes of raters that were not handed in."
        ),
        _("Averages of other candidates hold only sums, in which you cannot be found."),
    ]
    return "\n".join(lines) + "\n"


def name_of(export: Export) -> str:
    """Return how the archive is called when it is saved."""
    return f"interview-simulator-{export.requested_at:%Y-%m-%d}.zip"
