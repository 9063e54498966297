"""What changes about people, places and things."""

from __future__ import annotations

from tanghulu.apps.directory.actions.certificates import add_certificate, remove_certificate
from tanghulu.apps.directory.actions.demo_company import add_demo_companies
from tanghulu.apps.directory.actions.identities import link_identity, remove_identity
from tanghulu.apps.directory.actions.inventory import import_inventory
from tanghulu.apps.directory.actions.links import make_link, read_link, use_link
from tanghulu.apps.directory.actions.members import NewPerson, add_member, add_members, change_member, change_roles
from tanghulu.apps.directory.actions.places import add_equipment, add_equipment_at, add_place, add_unit
from tanghulu.apps.directory.actions.roster import import_people
from tanghulu.apps.directory.actions.second_factors import require_second_factor, reset_second_factor
from tanghulu.apps.directory.actions.sign_out import sign_out
from tanghulu.apps.directory.actions.tokens import issue_token, limit_tokens, resolve_token, revoke_token, revoke_tokens
from tanghulu.apps.directory.actions.units import change_unit, move_members

__all__ = (
    "NewPerson",
    "add_certificate",
    "add_demo_companies",
    "add_equipment",
    "add_equipment_at",
    "add_member",
    "add_members",
    "add_place",
    "add_unit",
    "change_member",
    "change_roles",
    "change_unit",
    "import_inventory",
    "import_people",
    "issue_token",
    "limit_tokens",
    "link_identity",
    "make_link",
    "move_members",
    "read_link",
    "remove_certificate",
    "remove_identity",
    "require_second_factor",
    "reset_second_factor",
    "resolve_token",
    "revoke_token",
    "revoke_tokens",
    "sign_out",
    "use_link",
)
