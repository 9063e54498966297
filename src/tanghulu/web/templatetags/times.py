"""Days and times in templates, in the reader's language and the company's time zone."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import get_args

from django import template

from tanghulu.web.times import Form, told

register = template.Library()


def _told(value: date | datetime | None, *, form: Form) -> str:
    """Nothing where there is no value, as Django's own filter does."""
    return told(value, form) if value else ""


for _form in get_args(Form):
    register.filter(_form, partial(_told, form=_form))
