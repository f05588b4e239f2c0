"""Pages of sharing: for the candidate who shares, and for whoever was given a link."""

import uuid

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from interview.accounts.actor import current_candidate
from interview.errors import NotFoundError
from interview.extensions import limiter
from interview.media import addresses
from interview.practice.models import Answer
from interview.recruiting import disclosure, sharing
from interview.recruiting.blueprint import link_gone
from interview.recruiting.playing import play
from interview.recruiting.sharing_forms import PARTS, RevokeForm, ShareForm
from interview.recruiting.sharing_models import Share
from interview.safety import KIBIBYTE, allow, body_limit

blueprint = Blueprint("sharing", __name__)

FORM_BYTES = 16 * KIBIBYTE
SHARES = "20 per minute; 200 per day"
OPENINGS = "60 per minute"
PIECES = "300 per minute"
_NEW_LINK = "new_share"


@blueprint.route("/answers/<uuid:answer_id>/shares", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
@limiter.limit(SHARES, methods=["POST"])
def of_answer(answer_id: uuid.UUID) -> BaseResponse:
    """Show who may see an answer, and share it with somebody else."""
    candidate = current_candidate()
    answer = sharing.shareable(candidate, answer_id)
    form = ShareForm()
    form.offer(sharing.offered(answer), sharing.organisations(candidate))
    if not form.validate_on_submit():
        return make_response(_page(answer, form), 400 if form.is_submitted() else 200)
    made, token = sharing.share(
        candidate,
        answer_id,
        name=form.name.data or "",
        parts=form.chosen,
        days=int(form.days.data),
        organisation_id=form.organisation_id,
    )
    if token:
        # Only its hash is kept: the page after this one is the only one that can show it.
        session[_NEW_LINK] = [str(made.id), token]
    else:
        flash(_("It is shared. You can end that at any time."), "success")
    return redirect(url_for("sharing.of_answer", answer_id=answer_id) + "#shares")


@blueprint.get("/shares")
def overview() -> str:
    """Show everything that this person shares or has shared."""
    return render_template(
        "recruiting/shares.html",
        shares=sharing.shares_of(current_candidate()),
        part_names=PARTS,
        revoke_form=RevokeForm(),
    )


@blueprint.post("/shares/<uuid:share_id>/revoke")
@body_limit(FORM_BYTES)
@limiter.limit(SHARES)
def revoke(share_id: uuid.UUID) -> BaseResponse:
    """End a share."""
    ended = sharing.revoke(current_candidate(), share_id)
    flash(_("Nobody can see it any more."), "success")
    return redirect(url_for("sharing.of_answer", answer_id=ended.answer_id) + "#shares")


@blueprint.get("/shared/<token>")
@limiter.limit(OPENINGS)
def shared(token: str) -> BaseResponse:
    """Show what somebody shared, to whoever has the link."""
    try:
        found = sharing.opened_by(token)
    except NotFoundError:
        return _unlisted(link_gone())
    sharing.count_view(found, current_candidate())
    media = url_for(
        "sharing.recording", token=token, signed=addresses.sign(found.answer_id, _viewer(found))
    )
    return _unlisted(shared_page(found, media))


@blueprint.get("/shared/<token>/recording/<signed>")
@limiter.limit(PIECES)
def recording(token: str, signed: str) -> Response:
    """Play the recording of a share that shows it."""
    found = sharing.opened_by(token)
    if addresses.read(signed, _viewer(found)) != found.answer_id:
        raise NotFoundError
    if disclosure.Part.RECORDING not in sharing.parts_of(found):
        raise NotFoundError
    return play(found.answer)


def shared_page(found: Share, media: str) -> BaseResponse:
    """Return the page of a share; the recording, if it is shown, is played from `media`."""
    allow(media="'self'")
    shown = disclosure.disclose(found.answer, sharing.parts_of(found))
    return make_response(
        render_template(
            "recruiting/shared.html",
            share=found,
            revision=found.answer.question.revision,
            shown=shown,
            media=media,
        )
    )


def _viewer(found: Share) -> str:
    return f"share:{found.id}"


def _unlisted(response: BaseResponse) -> BaseResponse:
    """Keep a page out of the lists of search engines, should its link ever lie open."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(answer: Answer, form: ShareForm) -> str:
    candidate = current_candidate()
    new = session.pop(_NEW_LINK, None)
    link = None
    if new is not None:
        link = current_app.config["SETTINGS"].public_url.rstrip("/") + url_for(
            "sharing.shared", token=new[1]
        )
    return render_template(
        "recruiting/share_answer.html",
        answer=answer,
        revision=answer.question.revision,
        form=form,
        link=link,
        new_id=new[0] if new else None,
        shares=sharing.shares_of(candidate, answer.id),
        part_names=PARTS,
        revoke_form=RevokeForm(),
        ends=candidate.expires_at if candidate else None,
    )
