"""What can be filled in while a new installation is set up."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tanghulu.apps.directory.actions import NewPerson
from tanghulu.core.access import Role
from tanghulu.web.words import EQUIPMENT, ROLES

ROWS = 4
# Who takes part in a first job, in the order in which a company thinks of them.
_ROLES = (Role.TEAM_LEADER, Role.WORKER, Role.GUARDIAN, Role.SAFETY_OFFICER, Role.MANAGER)
_OFF = {"autocomplete": "off"}


class BeginForm(forms.Form):
    """The company and its first administrator."""

    company = forms.CharField(label=_("Name of the company"), max_length=200)
    slug = forms.RegexField(
        r"^[a-z][a-z0-9-]{1,39}$",
        label=_("Short name"),
        initial="port",
        help_text=_("2 to 40 small letters, digits and hyphens. It names the evidence log for ever."),
        error_messages={
            "invalid": _("A short name has 2 to 40 small letters, digits and hyphens, and begins with a letter.")
        },
    )
    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput({"autocomplete": "name"}))
    username = forms.CharField(
        label=_("Your sign-in name"), max_length=150, widget=forms.TextInput({"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not only digits."),
    )
    again = forms.CharField(
        label=_("Password, once more"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        """Refuse a second password that is not the first."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(_("The two are not the same."), code="password_differs")
        return again


class PersonRow(forms.Form):
    """Somebody who takes part; a row without a name says nothing."""

    name = forms.CharField(
        label=pgettext_lazy("column of a list of people", "Name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(_OFF),
    )
    number = forms.CharField(
        label=pgettext_lazy("column of a list of people", "Number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(_OFF),
    )
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, ROLES[role]) for role in _ROLES])
    username = forms.CharField(label=_("Sign-in name"), max_length=150, required=False, widget=forms.TextInput(_OFF))

    def clean(self) -> dict[str, object]:
        """A row that says something needs a name."""
        given: dict[str, object] = self.cleaned_data
        if not given.get("name") and (given.get("number") or given.get("username")):
            self.add_error("name", _("Please give the person's name."))
        return given


class PeopleForm(forms.Form):
    """A few rows of people. Its own errors are those of the action that adds them."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type] # Django's stubs want more than a QueryDict is
        self.rows = [
            PersonRow(data, prefix=str(number), initial={"role": _ROLES[number % len(_ROLES)].value})  # type: ignore[arg-type] # as above
            for number in range(ROWS)
        ]

    def is_valid(self) -> bool:
        """Whether every row is, and one of them names somebody."""
        good = all([super().is_valid(), *(row.is_valid() for row in self.rows)])
        if good and not self.people:
            self.add_error(None, _("Please name at least one person."))
            return False
        return good

    @property
    def people(self) -> list[NewPerson]:
        """Those who are named."""
        found = [row.cleaned_data for row in self.rows if row.cleaned_data.get("name")]
        return [NewPerson(one["name"], one["number"], (one["role"],), one["username"]) for one in found]


class MachineForm(forms.Form):
    """A place, and a machine that stands there."""

    place_name = forms.CharField(label=_("Place"), max_length=100, widget=forms.TextInput(_OFF))
    number = forms.CharField(
        label=_("Number of the machine"), max_length=40, help_text=_("As painted on it, such as C3.")
    )
    name = forms.CharField(label=_("Name of the machine"), max_length=100, widget=forms.TextInput(_OFF))
    kind = forms.ChoiceField(label=_("Kind"), choices=list(EQUIPMENT.items()))
