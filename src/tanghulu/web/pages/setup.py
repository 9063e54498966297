"""A new installation is set up: from a one-time link to the skewer of the first job."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanghulu.apps.directory import actions as directory
from tanghulu.apps.directory import throttle
from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.flows import actions as flows
from tanghulu.apps.tenancy.first_link import read_first_link
from tanghulu.core.access import Actor, Permission
from tanghulu.web.components import setup as steps
from tanghulu.web.components.lacking import lacking
from tanghulu.web.drawing import drawn
from tanghulu.web.endpoints import page
from tanghulu.web.forms import carried_out
from tanghulu.web.limits import counted
from tanghulu.web.pages.links import come_in
from tanghulu.web.phones import phone_page, reachable
from tanghulu.web.renewal import is_part, renewable, stamp_of, unchanged
from tanghulu.web.setup_forms import BeginForm, MachineForm, PeopleForm


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Name the company and oneself; then one is signed in as its administrator."""
    at = timezone.now()
    with counted(request, throttle.BAD_CODE, "link_unknown"):
        read_first_link(code, at=at)
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, lambda: _begun(form.cleaned_data, str(get_language()))):
        return come_in(request, form.cleaned_data["username"], form.cleaned_data["password"])
    return render(request, "setup/begin.html", {"form": form}, status=422 if form.is_bound else 200)


def _begun(given: dict[str, str], language: str) -> None:
    # Whoever has the link has it from the operator, and does here what the operator would.
    evidence.begin_first_company(
        Actor.operator(given["slug"]),
        slug=given["slug"],
        company=given["company"],
        language=language,
        name=given["name"],
        username=given["username"],
        password=given["password"],
        at=timezone.now(),
    )


@require_safe
@page(Permission.DIRECTORY_MEMBER_WRITE)
def setup(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The step that is next, or that `?step=` names. The last one waits for the first job, and leads to it."""
    found = steps.progress(actor)
    name = request.GET.get("step", "")
    shown = name if name in steps.TITLES else found.next
    if shown != "job":
        return _shown(request, actor, shown)
    if found.run and is_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("job", args=[found.run])})
    parts = [] if found.run else lacking(actor, language=str(get_language()), on=timezone.localdate())
    stamp = stamp_of(get_language(), found.run, *sorted(found.done), *parts)
    context = {**_around(found, shown), "phones": phone_page(request), "lacking": parts}
    return unchanged(request, stamp) or renewable(request, "setup/job", context, stamp=stamp)


@require_POST
@page(Permission.DIRECTORY_MEMBER_WRITE)
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add the people of the rows."""
    form = PeopleForm(request.POST)
    if not carried_out(form, lambda: directory.add_members(actor, people=form.people, at=timezone.now())):
        return _shown(request, actor, "people", form=form)
    count = len(form.people)
    messages.success(request, ngettext("%(count)s person added.", "%(count)s people added.", count) % {"count": count})
    return redirect("setup")


@require_POST
@page(Permission.DIRECTORY_EQUIPMENT_WRITE)
def machine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a machine at a place."""
    form = MachineForm(request.POST)
    if not carried_out(form, lambda: directory.add_equipment_at(actor, **form.cleaned_data)):
        return _shown(request, actor, "machine", form=form)
    messages.success(request, _("%(name)s has been added.") % {"name": form.cleaned_data["name"]})
    return redirect("setup")


@require_POST
@page(Permission.FLOWS_LIBRARY_PUBLISH)
def templates(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Publish the processes that were chosen."""
    flows.publish_shipped(actor, slugs=request.POST.getlist("template"), at=timezone.now())
    return redirect("setup")


@require_POST
@page(Permission.DIRECTORY_MEMBER_WRITE)
def phone(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make the sign-in link of somebody and show it, this once, for their phone."""
    ref = request.POST.get("member", "")
    link = directory.make_link(actor, member=ref, at=timezone.now())
    address = reachable(request, f"{reverse('use_link', args=[link.code])}?phone=1")
    response = _shown(request, actor, "phone", drawing=drawn(address), address=address, chosen=ref)
    # Whoever has the link can come in: no copy of this page is kept.
    response["Cache-Control"] = "no-store"
    return response


def _shown(
    request: HttpRequest, actor: Actor, shown: str, *, form: forms.Form | None = None, **more: object
) -> HttpResponse:
    """The page of a step; a form that was refused stands in the place of the fresh one."""
    context = {**_around(steps.progress(actor), shown), **_needed(actor, shown), **more}
    if form is not None:
        context["form"] = form
    return render(request, f"setup/{shown}.html", context, status=422 if form is not None else 200)


def _around(found: steps.Progress, shown: str) -> dict[str, object]:
    return {"steps": found.steps(shown), "shown": shown, "run": found.run, "done": len(found.done)}


def _needed(actor: Actor, shown: str) -> dict[str, object]:
    match shown:
        case "people":
            return {"form": PeopleForm()}
        case "machine":
            return {"form": MachineForm()}
        case "templates":
            return {"processes": steps.processes(actor, str(get_language()))}
        case "phone":
            return {"people": steps.openers(actor), "member": actor.member}
    return {}
