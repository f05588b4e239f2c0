"""Rows of copies of one's data, and of what people say of themselves."""

import io
from collections.abc import Mapping
from types import MappingProxyType

from interview.extensions import db
from interview.media.store import store
from interview.privacy.models import Export, ExportState
from tests.access.matrix import ACTORS, Row, Scene, everybody, owners


def archive(scene: Scene) -> dict[str, object]:
    """The owner has an archive that is ready."""
    key = store.save(io.BytesIO(b"archive"), 10)
    export = Export(candidate_id=scene.owner.id, state=ExportState.READY, file_key=key)
    db.session.add(export)
    db.session.commit()
    return {"export_id": export.id}


KNOWN = dict.fromkeys(ACTORS, 302) | {"anonymous": 404, "expired_link": 404}
"""Everybody of whom something is kept, for themselves."""

ROWS: Mapping[str, Mapping[str, Row]] = MappingProxyType(
    {
        "privacy.request_export": {"POST": Row(KNOWN)},
        "privacy.export_state": {"GET": Row(owners(200), make=archive)},
        "privacy.download_export": {"GET": Row(owners(200), make=archive)},
        "privacy.erase_export": {"POST": Row(owners(302), make=archive)},
        "privacy.describe": {
            "GET": Row(everybody(200)),
            "POST": Row(KNOWN, data={"sex": "female", "ethnicity": ""}),
        },
    }
)
