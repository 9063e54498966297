"""The words for roles and for kinds of certificates and equipment."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "guardian": _("guardian of risky work"),
    "height": _("work at height"),
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
