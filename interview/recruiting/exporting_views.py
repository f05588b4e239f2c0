"""Exports for a recruiter: files of what the pages show."""

import uuid

from flask import Blueprint, Response
from flask_babel import get_locale
from flask_security import current_user

from interview.extensions import limiter
from interview.recruiting import exports, pdf, reviewing
from interview.recruiting.reviewing import DECIDES

blueprint = Blueprint("exporting", __name__, url_prefix="/recruiting")

EXPORTS = "20 per minute"


@blueprint.get("/applications/<int:application_id>/scorecards.csv")
@limiter.limit(EXPORTS)
def scorecards_csv(application_id: int) -> Response:
    """Return the scorecards of an application interview as CSV."""
    application = reviewing.find_application(current_user, application_id, *DECIDES)
    rows = exports.scorecard_rows(current_user, application)
    reviewing.note_exported(current_user, application)
    return _csv(rows, f"scorecards-{application_id}")


@blueprint.get("/applications/<int:application_id>/scorecards.pdf")
@limiter.limit(EXPORTS)
def scorecards_pdf(application_id: int) -> Response:
    """Return the scorecards of an application interview as PDF."""
    application = reviewing.find_application(current_user, application_id, *DECIDES)
    document = exports.scorecard_document(current_user, application)
    reviewing.note_exported(current_user, application)
    return _pdf(document, f"scorecards-{application_id}")


@blueprint.get("/candidates/<uuid:invitation_id>/summary.csv")
@limiter.limit(EXPORTS)
def candidate_csv(invitation_id: uuid.UUID) -> Response:
    """Return one candidate's summary as CSV."""
    invitation = reviewing.find_candidate(current_user, invitation_id, *DECIDES)
    rows = exports.candidate_rows(invitation)
    reviewing.note_seen(current_user, invitation, "candidate.exported")
    return _csv(rows, f"candidate-{invitation_id.hex[:8]}")


@blueprint.get("/candidates/<uuid:invitation_id>/summary.pdf")
@limiter.limit(EXPORTS)
def candidate_pdf(invitation_id: uuid.UUID) -> Response:
    """Return one candidate's summary as PDF."""
    invitation = reviewing.find_candidate(current_user, invitation_id, *DECIDES)
    document = exports.candidate_document(invitation)
    reviewing.note_seen(current_user, invitation, "candidate.exported")
    return _pdf(document, f"candidate-{invitation_id.hex[:8]}")


def _csv(rows: list[exports.Row], name: str) -> Response:
    return _file(exports.to_csv(rows), "text/csv; charset=utf-8", f"{name}.csv")


def _pdf(document: exports.Document, name: str) -> Response:
    return _file(pdf.render(document, str(get_locale())), "application/pdf", f"{name}.pdf")


def _file(content: bytes, content_type: str, name: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
