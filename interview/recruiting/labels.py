"""The words of recruiting for what the tables hold as codes."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from interview.recruiting.models import ApplicationState, InvitationState, MemberRole

ROLES: Mapping[MemberRole, LazyString] = {
    MemberRole.OWNER: _l("Owner: keeps members and interviews"),
    MemberRole.MEMBER: _l("Member: keeps interviews"),
    MemberRole.RATER: _l("Rater: rates answers"),
}

ROLE_NAMES: Mapping[MemberRole, LazyString] = {
    MemberRole.OWNER: _l("Owner"),
    MemberRole.MEMBER: _l("Member"),
    MemberRole.RATER: _l("Rater"),
}

MODES: Mapping[str, LazyString] = {
    "text": _l("In writing"),
    "audio": _l("By speaking"),
    "video": _l("By speaking before a camera"),
}

APPLICATION_STATES: Mapping[ApplicationState, LazyString] = {
    ApplicationState.DRAFT: _l("Draft"),
    ApplicationState.OPEN: _l("Open"),
    ApplicationState.CLOSED: _l("Closed"),
}

INVITATION_STATES: Mapping[InvitationState, LazyString] = {
    InvitationState.SENT: _l("Invited"),
    InvitationState.OPENED: _l("Link opened"),
    InvitationState.ACCEPTED: _l("Taking part"),
    InvitationState.SUBMITTED: _l("Sent"),
    InvitationState.WITHDRAWN: _l("Withdrew"),
    InvitationState.REVOKED: _l("Revoked"),
}
