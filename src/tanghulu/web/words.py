"""The words for roles and for kinds of certificates and equipment."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tanghulu.apps.directory.identities import Kind
from tanghulu.apps.directory.sign_ins import What
from tanghulu.core.access import Role

ROLES: Mapping[Role, str | Promise] = {
    Role.WORKER: _("worker"),
    Role.GUARDIAN: _("guardian"),
    Role.TEAM_LEADER: _("team leader"),
    Role.SAFETY_OFFICER: _("safety officer"),
    Role.TEMPLATE_AUTHOR: _("template author"),
    Role.MANAGER: _("manager"),
    Role.AUDITOR: _("auditor"),
    Role.ADMINISTRATOR: _("administrator"),
}

# A company may use other kinds as well; those are shown as they were typed.
CERTIFICATES: Mapping[str, str | Promise] = {
    "electrical": _("electrician"),
    "gas_test": _("gas testing"),
    "guardian": _("guardian of risky work"),
    "height": _("work at height"),
    "high_voltage": _("high-voltage electrician"),
    "welding": _("welding and cutting"),
    "confined_space": _("confined space"),
    "crane": _("crane"),
}

EQUIPMENT: Mapping[str, str | Promise] = {
    "conveyor": _("belt conveyor"),
    "crane": _("crane"),
    "silo": _("silo"),
    "switchgear": _("switchgear"),
    "vehicle": _("vehicle"),
}

SIGN_INS: Mapping[What, str | Promise] = {
    What.SIGNED_IN: _("Signed in"),
    What.REFUSED: _("Not let in"),
    What.SIGNED_OUT: _("Signed out"),
    What.SESSION_ENDED: _("Signed out elsewhere"),
    What.PASSWORD_CHANGED: _("Password changed"),
    What.LINK_MADE: _("Sign-in link made"),
    What.FACTOR_ADDED: _("Second factor added"),
    What.FACTOR_REMOVED: _("Second factor removed"),
    What.FACTOR_RESET: _("Second factor reset"),
    What.IDENTITY_LINKED: _("Outside account linked"),
    What.IDENTITY_REMOVED: _("Outside account removed"),
    What.RULE_CHANGED: _("Rule for second factors changed"),
    What.TOKEN_ISSUED: _("Access token made"),
    What.TOKEN_ENDED: _("Access token withdrawn"),
}

# Why a device was locked out: docs/formats/enrolment.md.
WHYS: Mapping[str, str | Promise] = {
    "lost": _("lost or stolen"),
    "handed_over": _("somebody else has it now"),
    "retired": _("broken, replaced or given back"),
    "distrusted": _("it is no longer trusted"),
}

# Why somebody was not let in.
REASONS: Mapping[str, str | Promise] = {
    "code_wrong": _("wrong code"),
    "inactive": _("account closed"),
    "password_wrong": _("wrong password"),
    "too_many_attempts": _("too many attempts"),
}

_WAYS: Mapping[str, str | Promise] = {
    "demo": _("one click (demonstration)"),
    "dingtalk": _("DingTalk"),
    "link": _("sign-in link"),
    "oidc": _("company account"),
    "passkey": _("passkey"),
    "password": _("password"),
    "second_factor": _("second factor"),
    "recovery_codes": _("recovery code"),
    "totp": _("code from the phone"),
}


def identity_words(kind: Kind) -> str:
    """Where somebody has an account, as the button on the sign-in page says it."""
    return settings.OIDC_NAME if kind is Kind.COMPANY and settings.OIDC_NAME else str(_WAYS[kind.way])


def way_words(way: str) -> str:
    """How somebody showed who they are: the parts of `way`, such as `password+totp`, in words."""
    return " + ".join(str(_WAYS.get(part, part)) for part in way.split("+") if part)
