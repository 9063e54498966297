"""Every address, one line each, sorted by room."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from tanghulu.web import company_account, dingtalk, errors, log, policy
from tanghulu.web.api import api
from tanghulu.web.endpoints import framed
from tanghulu.web.pages import (
    capture,
    certificates,
    comments,
    devices,
    equipment,
    equipment_import,
    home,
    jobs,
    links,
    paper,
    people,
    people_import,
    places,
    replays,
    reviews,
    search,
    sessions,
    setup,
    sign_in,
    sign_ins,
    status,
    tokens,
    units,
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
    path("password/link/<str:code>/", links.use_link, name="use_link"),
    path("second-factor/", framed(factor.index), name="mfa_index"),
    path("second-factor/app/", framed(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/remove/", framed(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/codes/", framed(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", framed(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    # The library leads here after a passkey has been removed.
    path("second-factor/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", framed(passkey.add_webauthn), name="mfa_add_webauthn"),
    path("second-factor/passkeys/<int:pk>/remove/", framed(passkey.remove_webauthn), name="mfa_remove_webauthn"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/others/end/", sessions.end_others, name="end_other_sessions"),
    path("sessions/<int:session>/end/", sessions.end, name="end_session"),
    path("policy/violation/", policy.violation, name="policy_violation"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sign-in/code/", factor.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/dingtalk/", dingtalk.go, name="dingtalk_login"),
    path("sign-in/dingtalk/back/", dingtalk.come, name="dingtalk_callback"),
    path("sign-in/company/<str:provider_id>/", company_account.go, name="openid_connect_login"),
    path("sign-in/company/<str:provider_id>/back/", company_account.come, name="openid_connect_callback"),
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
    path("devices/this/", devices.this_device, name="this_device"),
    path("devices/network/", devices.network, name="network"),
    path("devices/<str:device>/", devices.device, name="device"),
    # the server
    path("begin/<str:code>/", setup.begin, name="begin"),
    path("setup/", setup.setup, name="setup"),
    path("setup/machine/", setup.machine, name="setup_machine"),
    path("setup/people/", setup.people, name="setup_people"),
    path("setup/phone/", setup.phone, name="setup_phone"),
    path("setup/templates/", setup.templates, name="setup_templates"),
    path("healthz", status.healthz, name="healthz"),
    path("status/", status.status, name="status"),
    # jobs
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/inside/", watching.inside, name="inside"),
    path("jobs/wall/", watching.wall, name="wall"),
    path("jobs/<str:run>/", jobs.job, name="job"),
    path("jobs/<str:run>/comments/", comments.comments, name="comments"),
    path("jobs/<str:run>/comments/<int:number>/erase/", comments.erase, name="erase_comment"),
    path("jobs/<str:run>/paper/", paper.paper, name="paper"),
    path("jobs/<str:run>/paper.pdf", paper.pdf, name="pdf"),
    path("jobs/<str:run>/replay/", replays.replay, name="replay"),
    path("jobs/<str:run>/review/", reviews.review, name="review"),
    path("for-me/", comments.for_me, name="for_me"),
    path("mentionable/", comments.mentionable, name="mentionable"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("search/", search.search, name="search"),
    # people, places and things
    path("certificates/", certificates.certificates, name="certificates"),
    path("equipment/", equipment.equipment, name="equipment"),
    path("equipment/import/", equipment_import.import_equipment, name="import_equipment"),
    path("equipment/import/apply/", equipment_import.apply, name="apply_equipment"),
    path("equipment/import/blank/", equipment_import.blank, name="blank_equipment"),
    path("equipment/import/problems/", equipment_import.problems, name="problem_equipment"),
    path("equipment/codes/", equipment.codes, name="equipment_codes"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add_person"),
    path("people/import/", people_import.import_people, name="import_people"),
    path("people/import/apply/", people_import.apply, name="apply_people"),
    path("people/import/blank/", people_import.blank, name="blank_people"),
    path("people/import/problems/", people_import.problems, name="problem_people"),
    path("people/<str:ref>/", people.person, name="person"),
    path("people/<str:ref>/certificates/", people.add_certificate, name="add_certificate"),
    path(
        "people/<str:ref>/certificates/<int:certificate>/remove/", people.remove_certificate, name="remove_certificate"
    ),
    path("people/<str:ref>/identities/", people.link_identity, name="link_identity"),
    path("people/<str:ref>/identities/<int:identity>/remove/", people.remove_identity, name="remove_identity"),
    path("people/<str:ref>/link/", links.make_link, name="make_link"),
    path("people/<str:ref>/roles/", people.roles, name="change_roles"),
    path("people/<str:ref>/second-factor/reset/", sign_ins.reset, name="reset_second_factor"),
    path("people/<str:ref>/tokens/<int:token>/revoke/", people.revoke_token, name="revoke_token"),
    path("sign-ins/rule/", sign_ins.rule, name="second_factor_rule"),
    path("sign-ins/", sign_ins.sign_ins, name="sign_ins"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:token>/withdraw/", tokens.withdraw, name="withdraw_token"),
    path("places/", places.places, name="places"),
    path("units/", units.units, name="units"),
    path("units/<int:unit>/", units.unit, name="unit"),
    path("units/<int:unit>/people/", units.move, name="move_people"),
]
