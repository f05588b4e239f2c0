"""Pages of a recruiter: the candidates, one candidate's answers, several side by side, shares."""

import uuid
from collections.abc import Mapping

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as BaseResponse

from interview import paging
from interview.errors import NotFoundError, RefusedError
from interview.extensions import limiter
from interview.media import addresses
from interview.permissions import member_of, memberships
from interview.recruiting import disclosure, review_page, reviewing, scorecards, sharing
from interview.recruiting.models import Invitation
from interview.recruiting.playing import play
from interview.recruiting.reviewing import DECIDES, Reviewed
from interview.recruiting.scorecard_forms import DecisionForm, ScorecardForm
from interview.recruiting.scorecards import Judgement, Outcome
from interview.recruiting.sharing_views import PIECES, shared_page
from interview.safety import KIBIBYTE, allow, body_limit, number_of

blueprint = Blueprint("reviewing", __name__, url_prefix="/recruiting")

SIDE_BY_SIDE = 4
"""How many candidates stand beside each other at most."""

FORM_BYTES = 512 * KIBIBYTE
SAVES = "60 per minute"


@blueprint.get("/applications/<int:application_id>/candidates")
def candidates(application_id: int) -> str:
    """List the candidates of an application interview, by name or by time."""
    application = reviewing.find_application(current_user, application_id)
    order = "time" if request.args.get("order") == "time" else "name"
    page = reviewing.candidate_page(application, order, paging.requested())
    keys = [invitation.id for invitation in page.rows]
    chosen = reviewing.chosen(application, request.args.getlist("who"), paging.ROWS)
    return render_template(
        "recruiting/candidates.html",
        application=application,
        order=order,
        page=page,
        rows=review_page.candidate_rows(
            page.rows,
            scorecards.own_scorecards(current_user, keys),
            scorecards.count_handed_in(keys),
            scorecards.decisions(current_user, keys),
        ),
        agreement=review_page.agreement_view(
            scorecards.agreement_on(current_user, reviewing.candidate_ids(application))
        ),
        wanted=[str(each.id) for each in chosen],
        elsewhere=[each for each in chosen if each.id not in keys],
        side_by_side=SIDE_BY_SIDE,
        decides=_decides(application.organisation_id),
    )


@blueprint.get("/candidates/<uuid:invitation_id>")
def candidate(invitation_id: uuid.UUID) -> BaseResponse:
    """Show a candidate's answers beside one's own scorecard."""
    invitation = reviewing.find_candidate(current_user, invitation_id)
    reviewing.note_seen(current_user, invitation)
    return _candidate_page(invitation, ScorecardForm(formdata=None), DecisionForm(formdata=None))


@blueprint.post("/candidates/<uuid:invitation_id>/scorecard")
@body_limit(FORM_BYTES)
@limiter.limit(SAVES)
def save_scorecard(invitation_id: uuid.UUID) -> BaseResponse:
    """Keep one's own scorecard, or hand it in."""
    invitation = reviewing.find_candidate(current_user, invitation_id)
    form = ScorecardForm()
    if not form.validate():
        raise RefusedError(_("Something in the request was not as expected."), 400)
    asked = [item.prompt for item in reviewing.review(invitation) if item.answer]
    judged = form.judgements(asked)
    hand_in = "hand_in" in request.form
    try:
        scorecards.save(current_user, invitation, judged, form.version.data or 0, hand_in=hand_in)
    except RefusedError as error:
        invitation = reviewing.find_candidate(current_user, invitation_id)
        page = _candidate_page(
            invitation, form, DecisionForm(formdata=None), typed=judged, refused=error.message
        )
        page.status_code = error.status
        return page
    flash(_("Your scorecard is handed in.") if hand_in else _("Your scorecard is kept."), "success")
    return redirect(url_for("reviewing.candidate", invitation_id=invitation_id))


@blueprint.post("/candidates/<uuid:invitation_id>/decisions")
@body_limit(FORM_BYTES)
@limiter.limit(SAVES)
def decide(invitation_id: uuid.UUID) -> BaseResponse:
    """Note a decision about a candidate with its reasons."""
    invitation = reviewing.find_candidate(current_user, invitation_id, *DECIDES)
    form, refused, status = DecisionForm(), None, 400
    if form.validate():
        try:
            scorecards.decide(
                current_user,
                invitation,
                Outcome(form.outcome.data),
                form.reasons.data or "",
                form.seen_number,
            )
        except RefusedError as error:
            refused, status = error.message, error.status
            invitation = reviewing.find_candidate(current_user, invitation_id)
        else:
            flash(_("The decision is noted."), "success")
            address = url_for("reviewing.candidate", invitation_id=invitation_id)
            return redirect(f"{address}#decisions")
    page = _candidate_page(invitation, ScorecardForm(formdata=None), form, refused=refused)
    page.status_code = status
    return page


@blueprint.get("/candidates/<uuid:invitation_id>/recordings/<signed>")
@limiter.limit(PIECES)
def recording(invitation_id: uuid.UUID, signed: str) -> Response:
    """Play the recording of a candidate who agreed to that."""
    invitation = reviewing.find_candidate(current_user, invitation_id)
    answer_id = addresses.read(signed, _viewer())
    return play(reviewing.playable(invitation, answer_id))


@blueprint.get("/applications/<int:application_id>/compare")
def compare(application_id: int) -> str:
    """Show some candidates' answers to one prompt beside each other."""
    application = reviewing.find_application(current_user, application_id)
    page = reviewing.candidate_page(application, "name", 1)
    chosen = reviewing.chosen(application, request.args.getlist("who"), SIDE_BY_SIDE)
    prompts = application.prompts
    position = number_of("prompt") or 1
    prompt = next((each for each in prompts if each.position == position), None)
    if prompt is None:
        raise NotFoundError
    for invitation in chosen:
        reviewing.note_seen(current_user, invitation)
    allow(media="'self'")
    columns = [(each, reviewing.review(each, [prompt])[0]) for each in chosen]
    return render_template(
        "recruiting/compare.html",
        application=application,
        prompt=prompt,
        prompts=prompts,
        candidates=page.rows if page.count == 1 else chosen,
        is_paged=page.count > 1,
        columns=columns,
        wanted=[str(each.id) for each in chosen],
        media={each.id: _media(each, [item]) for each, item in columns},
        side_by_side=SIDE_BY_SIDE,
    )


@blueprint.get("/shared")
def shares() -> str:
    """List what candidates share with the organisations of the acting person."""
    found = memberships(current_user)
    if not found:
        raise NotFoundError
    return render_template(
        "recruiting/shared_with_us.html",
        shares=[
            (each.organisation, sharing.shown_by_candidates(each.organisation_id)) for each in found
        ],
    )


@blueprint.get("/shared/<uuid:share_id>")
def share(share_id: uuid.UUID) -> BaseResponse:
    """Show a practice answer that a candidate shares with one of the person's organisations."""
    found = sharing.shown_to(_organisations(), share_id)
    sharing.count_view(found, None)
    signed = addresses.sign(found.answer_id, _viewer())
    return shared_page(
        found, url_for("reviewing.share_recording", share_id=share_id, signed=signed)
    )


@blueprint.get("/shared/<uuid:share_id>/recording/<signed>")
@limiter.limit(PIECES)
def share_recording(share_id: uuid.UUID, signed: str) -> Response:
    """Play the recording of such an answer, if it is shared."""
    found = sharing.shown_to(_organisations(), share_id)
    if addresses.read(signed, _viewer()) != found.answer_id:
        raise NotFoundError
    if disclosure.Part.RECORDING not in sharing.parts_of(found):
        raise NotFoundError
    return play(found.answer)


def _organisations() -> list[int]:
    return [each.organisation_id for each in memberships(current_user)]


def _viewer() -> str:
    return f"user:{current_user.id}"


def _decides(organisation_id: int) -> bool:
    return member_of(current_user, organisation_id).role in DECIDES


def _media(invitation: Invitation, reviewed: list[Reviewed]) -> dict[uuid.UUID, str]:
    """Return the address of each recording that may be played on this page, by answer."""
    return {
        item.answer.id: url_for(
            "reviewing.recording",
            invitation_id=invitation.id,
            signed=addresses.sign(item.answer.id, _viewer()),
        )
        for item in reviewed
        if item.answer and item.shown and item.shown.has_media
    }


def _candidate_page(
    invitation: Invitation,
    form: ScorecardForm,
    decision_form: DecisionForm,
    typed: Mapping[int, Judgement] | None = None,
    refused: str | None = None,
) -> BaseResponse:
    allow(media="'self'")
    reviewed = list(reviewing.review(invitation))
    own = scorecards.own_scorecard(current_user, invitation)
    cards = scorecards.visible(current_user, [invitation.id]).get(invitation.id, [])
    decided = scorecards.decisions(current_user, [invitation.id])[invitation.id]
    decision_form.seen.data = str(decided.shown[0].id) if decided.shown else "0"
    return make_response(
        render_template(
            "recruiting/candidate.html",
            invitation=invitation,
            application=invitation.application,
            answers=review_page.answer_views(reviewed, own, cards, typed),
            stored=review_page.judgements(own) if typed else {},
            own=own,
            version=own.version if own else 0,
            is_in=bool(own and own.submitted_at),
            cards=cards,
            others_in=scorecards.count_handed_in([invitation.id]).get(invitation.id, 0),
            agreement=review_page.agreement_view(
                scorecards.agreement_on(current_user, [invitation.id])
            ),
            decided=decided,
            outcome_name=review_page.outcome_name,
            rater_name=review_page.rater_name,
            form=form,
            decision_form=decision_form,
            decides=_decides(invitation.application.organisation_id),
            refused=refused,
            media=_media(invitation, reviewed),
        )
    )
