"""People: the list, one person, and what can be changed about them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanghulu.apps.directory import actions, identities, queries, second_factors, tokens
from tanghulu.core.access import Actor, Permission, Role
from tanghulu.web.endpoints import page
from tanghulu.web.forms import (
    CertificateForm,
    ChangedMemberForm,
    IdentityForm,
    NewMemberForm,
    RolesForm,
    carried_out,
)
from tanghulu.web.pages.links import shown_link


@require_safe
@page(Permission.DIRECTORY_MEMBER_READ)
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list, with a search, by role, and page by page."""
    search, role = request.GET.get("search", ""), request.GET.get("role", "")
    start = _start(request.GET.get("start", "0"))
    found = queries.members(
        actor, search=search, role=role, active=None if request.GET.get("left") else True, start=start
    )
    context = {
        "found": found,
        "search": search,
        "role": role,
        "left": bool(request.GET.get("left")),
        "roles": list(Role),
        "today": timezone.localdate(),
        "start": start,
        "before": max(0, start - queries.PAGE) if start else None,
        "after": start + queries.PAGE if start + queries.PAGE < found.total else None,
    }
    return render(request, "directory/people.html", context)


def _start(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0  # noqa: PLR2004 - fits any list


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.DIRECTORY_MEMBER_WRITE)
def add_person(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new person; one who signs in gets a link to choose a password with."""
    form = NewMemberForm(request.POST if request.method == "POST" else None, rows=queries.units(actor))
    added: list[str] = []
    if request.method == "POST" and carried_out(
        form, lambda: added.append(actions.add_member(actor, **form.cleaned_data, at=timezone.now()))
    ):
        messages.success(request, _("%(name)s has been added.") % {"name": form.cleaned_data["name"]})
        return shown_link(request, actor, added[0]) if form.cleaned_data["username"] else redirect("people")
    return _filled(request, "directory/add_person.html", {"form": form}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.DIRECTORY_MEMBER_READ)
def person(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """One person; posted, what is known of them is changed."""
    if request.method != "POST":
        return _person(request, actor, ref)
    form = ChangedMemberForm(request.POST, rows=queries.units(actor))
    done = carried_out(form, lambda: actions.change_member(actor, member=ref, **form.cleaned_data))
    return _changed(request, actor, ref, form, "form", done=done)


@require_POST
@page(Permission.DIRECTORY_MEMBER_WRITE)
def roles(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Give a person their roles."""
    form = RolesForm(request.POST)
    done = carried_out(form, lambda: actions.change_roles(actor, member=ref, **form.cleaned_data))
    return _changed(request, actor, ref, form, "roles_form", done=done)


@require_POST
@page(Permission.DIRECTORY_CERTIFICATE_WRITE)
def add_certificate(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Enter a certificate of a person."""
    form = CertificateForm(request.POST)
    done = carried_out(form, lambda: actions.add_certificate(actor, member=ref, **form.cleaned_data))
    return _changed(request, actor, ref, form, "certificate_form", done=done)


@require_POST
@page(Permission.DIRECTORY_CERTIFICATE_WRITE)
def remove_certificate(request: HttpRequest, actor: Actor, ref: str, certificate: int) -> HttpResponse:
    """Take a certificate away."""
    actions.remove_certificate(actor, member=ref, certificate=certificate)
    return redirect("person", ref)


@require_POST
@page(Permission.DIRECTORY_SIGNIN_WRITE)
def link_identity(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Say which account elsewhere is the person's."""
    form = IdentityForm(request.POST)
    done = carried_out(form, lambda: actions.link_identity(actor, member=ref, **form.cleaned_data, at=timezone.now()))
    return _changed(request, actor, ref, form, "identity_form", done=done)


@require_POST
@page(Permission.DIRECTORY_SIGNIN_WRITE)
def remove_identity(request: HttpRequest, actor: Actor, ref: str, identity: int) -> HttpResponse:
    """Let an account elsewhere sign in as the person no longer."""
    actions.remove_identity(actor, member=ref, identity=identity, at=timezone.now())
    messages.success(request, _("The account has been unlinked."))
    return redirect("person", ref)


@require_POST
@page(Permission.DIRECTORY_TOKEN_ISSUE)
def revoke_token(request: HttpRequest, actor: Actor, ref: str, token: int) -> HttpResponse:
    """End an access token of a person."""
    actions.revoke_token(actor, member=ref, token=token, at=timezone.now())
    return redirect("person", ref)


def _changed(request: HttpRequest, actor: Actor, ref: str, form: forms.Form, name: str, *, done: bool) -> HttpResponse:
    if done:
        messages.success(request, _("Saved."))
        return redirect("person", ref)
    return _person(request, actor, ref, **{name: form})


def _person(request: HttpRequest, actor: Actor, ref: str, **refused: forms.Form) -> HttpResponse:
    """The page of one person; a form that was refused stands in the place of the fresh one."""
    member = queries.member(actor, ref=ref)
    context: dict[str, object] = {
        "member": member,
        "today": timezone.localdate(),
        "certificate_form": CertificateForm(),
    }
    if actor.may(Permission.DIRECTORY_MEMBER_WRITE):
        initial: dict[str, object] = {
            "name": member.name,
            "number": member.number,
            "unit": member.unit_id,
            "language": member.language,
            "active": member.active,
        }
        context |= {
            "form": ChangedMemberForm(rows=queries.units(actor), initial=initial),
            "roles_form": RolesForm(initial={"roles": list(member.roles)}),
        }
    if actor.may(Permission.DIRECTORY_SIGNIN_WRITE):
        context |= {
            "has_factor": second_factors.member_has_one(actor, member=ref),
            "identities": identities.identities(actor, member=ref),
            "identity_form": IdentityForm(),
        }
    if actor.may(Permission.DIRECTORY_TOKEN_ISSUE):
        context["tokens"] = tokens.tokens(actor, member=ref)
    context["may_certify"] = actor.may(Permission.DIRECTORY_CERTIFICATE_WRITE)
    return render(request, "directory/person.html", {**context, **refused}, status=422 if refused else 200)


def _filled(request: HttpRequest, template: str, context: dict[str, object], form: forms.Form) -> HttpResponse:
    return render(request, template, context, status=422 if form.is_bound else 200)
