"""The sentences of the status page: what each finding of `tanghulu.core.vitals` means, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FACTS: Mapping[str, str | Promise] = {
    "backup_incomplete": _("Made %(age)s ago; files that it should hold and that were not there: %(count)s."),
    "backup_never": _("No backup has been made on this machine."),
    "backup_new": _("Made %(age)s ago, with the keys."),
    "backup_old": _("The newest was made %(age)s ago."),
    "backup_without_keys": _("Made %(age)s ago, without the keys: with it alone no photo can be opened."),
    "certificate_ended": _("It ended %(days)s days ago; phones no longer get in."),
    "certificate_ends": _("It ends in %(days)s days; after that phones no longer get in."),
    "certificate_good": _("It is good for %(days)s more days."),
    "clock_behind_phones": _("%(phones)s of %(all)s phones are at least %(seconds)s ahead of this server."),
    "clock_database": _("The clock of the database is %(seconds)s away from that of this server."),
    "clock_jumped": _("It was set by %(seconds)s, %(age)s ago, or the machine slept."),
    "clock_phone_ahead": _("%(phones)s of %(all)s phones are at least %(seconds)s ahead of this server."),
    "clock_right": _("It runs evenly, and no phone heard of lately is ahead of it."),
    "disk_low": _("%(free)s are free, %(share)s %% of the disk."),
    "disk_room": _("%(free)s are free, %(share)s %% of the disk."),
    "log_begins": _("Entries: %(count)s, not yet published."),
    "log_behind": _("Entries: %(count)s, not yet published: %(waiting)s, the oldest for %(seconds)s."),
    "log_not_open": _("The company's evidence log has not begun yet."),
    "log_published": _("Entries: %(count)s, not yet published: %(waiting)s; the newest checkpoint is %(age)s old."),
    "queue_empty": _("Nothing is waiting."),
    "queue_moves": _("%(count)s waiting, the oldest for %(seconds)s."),
    "queue_stuck": _("%(count)s waiting, the oldest for %(seconds)s."),
    "worker_never": _("The worker has never been there."),
    "worker_silent": _("The worker has not been heard of for %(seconds)s."),
    "worker_there": _("The worker was there %(seconds)s ago."),
}
ADVICE: Mapping[str, str | Promise] = {
    "backup_incomplete": _("Run tanghulu fsck, which names what is missing, then make another backup."),
    "backup_never": _("Make one now with tanghulu backup, and let the machine repeat it every night."),
    "backup_old": _("Find out why the nightly backup did not run, and make one now with tanghulu backup."),
    "backup_without_keys": _("Make one with tanghulu backup FILE --keys KEYFILE, and keep the two apart."),
    "certificate_ended": _("Put a new certificate in its place; of one of our own, restart tanghulu up --lan."),
    "certificate_ends": _("Put a new certificate in its place; of one of our own, restart tanghulu up --lan."),
    "clock_behind_phones": _("Switch on NTP on this server: the times in the log come from its clock."),
    "clock_database": _("Switch on NTP on both machines."),
    "clock_jumped": _("See whether NTP is on: times in the log may lie close together or apart because of it."),
    "clock_phone_ahead": _("Let these phones take their time from the network."),
    "disk_low": _("Make room or a larger disk before phones can no longer hand in their photos."),
    "log_behind": _("Look whether the worker runs, then run tanghulu fsck: a damaged log is not published further."),
    "log_not_open": _("No phone can come in yet: run tanghulu open-log on the server."),
    "queue_stuck": _("Look whether the worker runs, and into its messages for duty_failed."),
    "worker_never": _("Start tanghulu up, or tanghulu worker beside tanghulu web."),
    "worker_silent": _("Restart tanghulu up, or tanghulu worker; what phones hand in meanwhile is kept."),
}
