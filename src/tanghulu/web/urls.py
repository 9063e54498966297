"""Every address, one line each, sorted by room."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from tanghulu.web import errors, log
from tanghulu.web.api import api
from tanghulu.web.pages import (
    capture,
    certificates,
    devices,
    equipment,
    home,
    jobs,
    people,
    places,
    search,
    sign_in,
    watching,
)

handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.broken

urlpatterns: list[URLPattern | URLResolver] = [
    # the way in
    path("", home.home, name="home"),
    path("companies/", home.companies, name="companies"),
    path("demo/", sign_in.demo, name="demo"),
    path("language/", set_language, name="language"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    # programs and phones
    path("api/v1/", api.urls),
    path("log/<str:tenant>/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/<str:tenant>/tile/<path:path>", log.tile, name="log_tile"),
    # the phone
    path("capture/", capture.capture, name="capture"),
    path("capture/manifest.webmanifest", capture.manifest, name="capture_manifest"),
    path("capture/sw.js", capture.worker, name="capture_worker"),
    # devices
    path("devices/", devices.devices, name="devices"),
    path("devices/invite/", devices.invite, name="invite_device"),
    path("devices/network/", devices.network, name="network"),
    # jobs
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/inside/", watching.inside, name="inside"),
    path("jobs/wall/", watching.wall, name="wall"),
    path("jobs/<str:run>/", jobs.job, name="job"),
    path("search/", search.search, name="search"),
    # people, places and things
    path("certificates/", certificates.certificates, name="certificates"),
    path("equipment/", equipment.equipment, name="equipment"),
    path("equipment/codes/", equipment.codes, name="equipment_codes"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add_person"),
    path("people/<str:ref>/", people.person, name="person"),
    path("people/<str:ref>/certificates/", people.add_certificate, name="add_certificate"),
    path(
        "people/<str:ref>/certificates/<int:certificate>/remove/", people.remove_certificate, name="remove_certificate"
    ),
    path("people/<str:ref>/password/", people.password, name="set_password"),
    path("people/<str:ref>/roles/", people.roles, name="change_roles"),
    path("people/<str:ref>/tokens/<int:token>/revoke/", people.revoke_token, name="revoke_token"),
    path("places/", places.places, name="places"),
    path("units/", places.units, name="units"),
]
