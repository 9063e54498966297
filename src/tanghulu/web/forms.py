"""What can be filled in on the pages of people, places and things.

A form only reads what was typed; the actions decide. What they refuse is put back on the form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tanghulu.apps.directory.identities import SUBJECT_LENGTH, Kind
from tanghulu.apps.directory.queries import MemberRow
from tanghulu.apps.directory.trees import TreeRow
from tanghulu.core.access import Role
from tanghulu.core.errors import Conflict, Invalid, NotFound
from tanghulu.web.errors import sentence_of
from tanghulu.web.words import CERTIFICATES, EQUIPMENT, ROLES, identity_words


def carried_out(form: forms.Form, use: Callable[[], object]) -> bool:
    """Call an action with what the form holds. What it refuses stands on the form afterwards, and False is returned.

    A missing permission is no mistake of typing, so it is not caught.
    """
    if not form.is_valid():
        return False
    try:
        use()
    except (Invalid, Conflict, NotFound) as refusal:
        field = str(refusal.params.get("field", ""))
        form.add_error(field if field in form.fields else None, sentence_of(refusal))
        return False
    return True


def tree_choices(rows: Iterable[TreeRow]) -> list[tuple[str, str]]:
    """Choices from a tree, each with the names above it, and none first."""
    return [("", "—"), *((str(row.id), " / ".join(row.path)) for row in rows)]


def _number_or_none(value: str) -> int | None:
    return int(value) if value else None


class BranchForm(forms.Form):
    """An org unit or place."""

    name = forms.CharField(label=_("Name"), max_length=100)
    parent = forms.TypedChoiceField(label=_("Part of"), required=False, coerce=_number_or_none, empty_value=None)

    def __init__(
        self, data: object = None, *, rows: Iterable[TreeRow], initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type] # Django's stubs want more than a QueryDict is
        self.fields["parent"].choices = tree_choices(rows)  # type: ignore[attr-defined] # it is a choice field


class MemberForm(forms.Form):
    """What is known of a person."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
    number = forms.CharField(
        label=_("Number"), max_length=40, required=False, help_text=_("As printed on the badge or the personal lock.")
    )
    unit = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=_number_or_none, empty_value=None)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("as the browser asks")), *settings.LANGUAGES]
    )

    def __init__(
        self, data: object = None, *, rows: Iterable[TreeRow], initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type] # see BranchForm
        self.fields["unit"].choices = tree_choices(rows)  # type: ignore[attr-defined] # it is a choice field


class NewMemberForm(MemberForm):
    """A new person, with roles and, where wanted, a way to sign in."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, choices=list(ROLES.items()), widget=forms.CheckboxSelectMultiple
    )
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Leave empty for somebody who does not sign in. The person chooses the password, with a link."),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)


class ChangedMemberForm(MemberForm):
    """A person who is there already."""

    active = forms.BooleanField(
        label=_("Works here"), required=False, help_text=_("Somebody who has left can neither sign in nor act.")
    )


class RolesForm(forms.Form):
    """The roles of a person."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        choices=[(role.value, ROLES[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
    )


class ChosenPasswordForm(forms.Form):
    """A password that a person chooses, typed twice."""

    # For the browser's own store of passwords, which looks for the name beside the password.
    username = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "username"}))
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not only digits."),
    )
    again = forms.CharField(
        label=_("New password, once more"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, data: object = None, *, username: str) -> None:
        super().__init__(data, initial={"username": username})  # type: ignore[arg-type] # see BranchForm

    def clean_again(self) -> str:
        """Refuse a second password that is not the first."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two are not the same."), code="password_differs")
        return again


class TokenForm(forms.Form):
    """A new bearer token for a program, which acts as a person."""

    member = forms.ChoiceField(
        label=_("Acts as"), help_text=_("The program may do what this person may. Better a person made for it alone.")
    )
    purpose = forms.CharField(
        label=_("What for"),
        max_length=40,
        help_text=_("Such as the name of the program."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("Ends"),
        coerce=int,
        initial=365,
        choices=[(30, _("in 30 days")), (90, _("in 90 days")), (365, _("in a year")), (0, _("when it is withdrawn"))],
    )

    def __init__(self, data: object = None, *, people: Iterable[MemberRow]) -> None:
        super().__init__(data)  # type: ignore[arg-type] # see BranchForm
        choices = [(one.ref, f"{one.name} · {one.unit}" if one.unit else one.name) for one in people]
        self.fields["member"].choices = choices  # type: ignore[attr-defined] # it is a choice field


class CertificateForm(forms.Form):
    """A certificate of a person."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(CERTIFICATES.items()))
    number = forms.CharField(label=_("Number"), max_length=80)
    valid_until = forms.DateField(label=_("Valid until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: object = None) -> None:
        # The person has a number too, on the same page.
        super().__init__(data, auto_id="certificate_%s")  # type: ignore[arg-type] # see BranchForm


class IdentityForm(forms.Form):
    """An account elsewhere with which a person signs in. `offers` says whether there is any such place."""

    kind = forms.TypedChoiceField(label=_("Account at"), coerce=Kind)
    subject = forms.CharField(
        label=_("Id of the account"),
        max_length=SUBJECT_LENGTH,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_(
            "Whoever tries to sign in with an account that is not linked is shown its id. Be sure who tells you."
        ),
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="identity_%s")  # type: ignore[arg-type] # see BranchForm
        set_up = {Kind.COMPANY: settings.OIDC_NAME, Kind.DINGTALK: settings.DINGTALK}
        choices = [(kind.value, identity_words(kind)) for kind in Kind if set_up[kind]]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined] # it is a choice field
        self.offers = bool(choices)


class EquipmentForm(forms.Form):
    """A new piece of equipment."""

    number = forms.CharField(label=_("Number"), max_length=40, help_text=_("As painted on it, such as C3."))
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(EQUIPMENT.items()))
    place = forms.TypedChoiceField(label=_("Place"), required=False, coerce=_number_or_none, empty_value=None)

    def __init__(self, data: object = None, *, rows: Iterable[TreeRow]) -> None:
        super().__init__(data)  # type: ignore[arg-type] # see BranchForm
        self.fields["place"].choices = tree_choices(rows)  # type: ignore[attr-defined] # it is a choice field
