"""The words of the audit log for what its entries hold as codes.

The table that is exported has the codes. `tests/admin/test_audit_log.py` looks for codes that have
no words here; an entry of an older version may have one, which is then shown itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from interview.admin.forms import ROLE_WORDS, SIGNUP_WORDS
from interview.admin.question_forms import STATES
from interview.privacy.models import ActorKind, AuditEntry
from interview.recruiting.labels import ROLE_NAMES
from interview.recruiting.scorecard_labels import OUTCOMES

ACTIONS: Mapping[str, LazyString] = {
    "account.activated": _l("Account let in again"),
    "account.created": _l("Account made"),
    "account.deactivated": _l("Account shut out"),
    "account.erased": _l("Account erased with everything in it"),
    "analysis.retried": _l("Analysis tried again"),
    "announcement.changed": _l("Announcement changed"),
    "announcement.made": _l("Announcement made"),
    "announcement.removed": _l("Announcement removed"),
    "answer.erased": _l("Answer erased"),
    "answer.expired": _l("Answer erased, its time being over"),
    "answer.seen": _l("Answer seen behind broken glass"),
    "application.closed": _l("Interview closed"),
    "application.created": _l("Interview made"),
    "application.erased": _l("Draft of an interview erased"),
    "application.extended": _l("Deadline of an interview extended"),
    "application.opened": _l("Interview opened"),
    "audit_log.exported": _l("Audit log exported"),
    "candidate.exported": _l("Candidate exported"),
    "candidate.seen": _l("Candidate seen"),
    "consent.changed": _l("Consent changed"),
    "data.export_downloaded": _l("Copy of one’s own data downloaded"),
    "data.export_erased": _l("Copy of one’s own data erased"),
    "data.export_requested": _l("Copy of one’s own data asked for"),
    "decision.made": _l("Decision made"),
    "glass.broken": _l("Glass broken"),
    "interview.erased": _l("Interview erased with its answers"),
    "invitation.accepted": _l("Invitation accepted"),
    "invitation.expired": _l("Candidate erased, the time being over"),
    "invitation.resent": _l("Invitation sent again"),
    "invitation.revoked": _l("Invitation revoked"),
    "invitation.sent": _l("Candidate invited"),
    "invitation.withdrawn": _l("Application withdrawn"),
    "member.appointed": _l("Owner appointed by an admin"),
    "member.invited": _l("Member invited"),
    "member.joined": _l("Member joined"),
    "member.removed": _l("Membership ended"),
    "member.role_changed": _l("Role of a member changed"),
    "organisation.closed": _l("Organisation closed"),
    "organisation.created": _l("Organisation made"),
    "organisation.expired": _l("Closed organisation erased, nothing of its candidates being left"),
    "organisation.renamed": _l("Name of an organisation changed"),
    "policy.changed": _l("Policy changed"),
    "question.added": _l("Question added"),
    "question.changed": _l("Question changed"),
    "question.state_changed": _l("Question retired or restored"),
    "question.tagged": _l("Tags of a question changed"),
    "questions.exported": _l("Question bank exported"),
    "questions.imported": _l("Questions imported"),
    "recording.expired": _l("Recording erased, its time being over"),
    "role.granted": _l("Role of an account given"),
    "role.revoked": _l("Role of an account taken away"),
    "scorecard.handed_in": _l("Scorecard handed in"),
    "scorecards.exported": _l("Scorecards exported"),
    "share.made": _l("Answer shared"),
    "share.revoked": _l("Share ended"),
    "share.seen": _l("Shared answer seen"),
    "signup_invitation.made": _l("Invitation to make an account made"),
    "signup_invitation.revoked": _l("Invitation to make an account taken back"),
    "workspace.erased": _l("Guest’s workspace erased"),
    "workspace.expired": _l("Guest’s workspace erased, its time being over"),
}

KINDS: Mapping[str, LazyString] = {
    "announcement": _l("Announcement"),
    "answer": _l("Answer"),
    "application": _l("Application interview"),
    "audit_log": _l("Audit log"),
    "bank": _l("Question bank"),
    "candidate": _l("Guest’s workspace"),
    "decision": _l("Decision"),
    "export": _l("Copy of one’s own data"),
    "interview": _l("Interview"),
    "invitation": _l("Invitation"),
    "membership": _l("Membership"),
    "organisation": _l("Organisation"),
    "policy": _l("Policy"),
    "question": _l("Question"),
    "scorecard": _l("Scorecard"),
    "share": _l("Share"),
    "signup_invitation": _l("Invitation to make an account"),
    "user": _l("Account"),
}

ACTOR_KINDS: Mapping[str, LazyString] = {
    ActorKind.USER: _l("An account"),
    ActorKind.GUEST: _l("A guest"),
    ActorKind.LINK: _l("Whoever had a link"),
    ActorKind.SYSTEM: _l("The platform"),
}

DETAILS: Mapping[str, LazyString] = {
    "after": _l("After"),
    "before": _l("Before"),
    "changed": _l("Changed"),
    "count": _l("How many"),
    "glass": _l("Number of the opening"),
    "invited": _l("By invitation"),
    "kind": _l("Kind of file"),
    "minutes": _l("Minutes"),
    "new": _l("New"),
    "outcome": _l("Outcome"),
    "revision": _l("Revision"),
    "role": _l("Role"),
}


RULES: Mapping[str, LazyString] = {
    "answers_per_day": _l("Practice answers a day"),
    "quota_bytes": _l("Room for one person's files, in bytes"),
    "recording_days": _l("Days that recordings are kept"),
    "recruiter_emotions": _l("Emotions may reach recruiters"),
    "retention_days": _l("Days that practice answers are kept"),
    "signup": _l("Who may make an account"),
}
"""The rules of the policy, which are the objects of its changes."""

YES_NO: Mapping[bool, LazyString] = {True: _l("Yes"), False: _l("No")}

VALUES: Mapping[str, Mapping[Any, LazyString]] = {
    "invited": YES_NO,
    "role": {**ROLE_NAMES, **{code: name for code, (name, _) in ROLE_WORDS.items()}},
    "outcome": OUTCOMES,
    "question.state_changed": STATES,
    "signup": SIGNUP_WORDS,
    "recruiter_emotions": YES_NO,
}
"""The words of details, by the name of the detail, by what was done, or by the rule changed."""


def detail_words(entry: AuditEntry) -> list[tuple[str, str]]:
    """Return an entry's details, each with its name and its value in words."""
    about = VALUES.get(entry.action) or VALUES.get(entry.object_id) or {}
    return [
        (str(DETAILS.get(name, name)), _said(value, VALUES.get(name, about)))
        for name, value in entry.details.items()
    ]


def _said(value: Any, words: Mapping[Any, LazyString]) -> str:
    if isinstance(value, list):
        return ", ".join(_said(each, words) for each in value)
    return str(words.get(value, value))


def choices(codes: Iterable[str], words: Mapping[str, LazyString]) -> list[tuple[str, str]]:
    """Return codes with their words, in the order of the words."""
    named = [(code, str(words.get(code, code))) for code in codes]
    return sorted(named, key=lambda pair: pair[1])
