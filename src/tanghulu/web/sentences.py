"""The sentence of every refusal code. Rooms add a line for each code that they raise; the keys stay sorted."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FALLBACK = _("This is not possible (%(code)s).")

SENTENCES: Mapping[str, str | Promise] = {
    "account_email_taken": _("Another account already has this e-mail address."),
    "account_not_found": _("This person has no sign-in name."),
    "account_username_taken": _("Another account already has this sign-in name."),
    "certificate_exists": _("This certificate is already entered."),
    "certificate_not_found": _("There is no such certificate."),
    "equipment_not_found": _("There is no such equipment."),
    "equipment_number_taken": _("Another piece of equipment already has the number %(number)s."),
    "form_expired": _("This form is out of date. Go back, load the page again and send it once more."),
    "language_unknown": _("There is no language %(language)s here."),
    "last_administrator": _("The company must keep one active administrator."),
    "member_not_found": _("There is no such person."),
    "member_number_taken": _("Another person already has the number %(number)s."),
    "name_taken": _("The name %(name)s is already used here."),
    "not_allowed": _("You may not do this."),
    "page_not_found": _("There is nothing here."),
    "password_weak": _("This password is too easy to guess: %(reason)s"),
    "permission_missing": _("Your role does not allow this (%(permission)s)."),
    "place_not_found": _("There is no such place."),
    "request_malformed": _("This request cannot be read."),
    "role_unknown": _("There is no role %(role)s."),
    "server_error": _("Something failed inside. It has been noted; please try again."),
    "sign_in_required": _("Please sign in."),
    "slug_malformed": _("A short name has 2 to 40 small letters, digits and hyphens, and begins with a letter."),
    "tenant_exists": _("There is already a company %(tenant)s."),
    "tenant_not_found": _("There is no such company."),
    "text_malformed": _("%(field)s: %(reason)s"),
    "text_missing": _("Please fill in: %(field)s."),
    "text_too_long": _("%(field)s may have at most %(limit)s characters."),
    "time_zone_unknown": _("There is no time zone %(time_zone)s."),
    "token_not_found": _("There is no such access token."),
    "token_unknown": _("This access token is not known, or it has been withdrawn."),
    "unit_not_found": _("There is no such unit."),
}
