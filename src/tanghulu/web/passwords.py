"""Rules for passwords, besides Django's."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotTheCurrentOne:
    """A new password is another one."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError `password_unchanged` when the password already opens the account."""
        if user is not None and user.password and user.has_usable_password() and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_unchanged")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("The new password must differ from the present one.")
