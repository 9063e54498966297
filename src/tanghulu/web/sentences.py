"""The sentence of every refusal code. Rooms add a line for each code that they raise; the keys stay sorted."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FALLBACK = _("This is not possible (%(code)s).")

SENTENCES: Mapping[str, str | Promise] = {
    "account_email_taken": _("Another account already has this e-mail address."),
    "account_not_found": _("This person has no sign-in name."),
    "account_shared": _(
        "This person belongs to another company too. Only the operator of the server can do this for them."
    ),
    "account_username_taken": _("Another account already has this sign-in name."),
    "actor_differs": _("This device belongs to somebody else, or to another company."),
    "admission_malformed": _("The server's word that this is stored cannot be read."),
    "anchor_malformed": _("The first entry of the log is not of the form."),
    "bundle_malformed": _("A part of the log cannot be read."),
    "certificate_exists": _("This certificate is already entered."),
    "certificate_not_found": _("There is no such certificate."),
    "checkpoint_malformed": _("The checkpoint cannot be read."),
    "checkpoint_of_another_log": _("The checkpoint is that of another log."),
    "code_unknown": _("This code is not good, or no longer. Ask for a new one in the office."),
    "comment_not_found": _("There is no such comment."),
    "company_exists": _("There is a company here already. Ask its administrator to let you in."),
    "countersigner_asked": _("You made the code of this device yourself. Another person must confirm it."),
    "countersigner_may_not_enrol": _("This device of yours may not confirm others."),
    "countersigner_not_before": _("A device can be confirmed only by one that was enrolled before it."),
    "countersigner_revoked": _("The key of this device of yours has been revoked. It may confirm nobody."),
    "countersigner_same_person": _("Nobody can confirm a device of their own."),
    "countersigner_unknown": _("A device can be confirmed only by another person who may, with an enrolled device."),
    "device_already_revoked": _("The key of this device has been revoked already. A new key must be enrolled."),
    "device_exists": _("This device is already known."),
    "device_mismatch": _("What was signed does not fit the device that signed it."),
    "device_not_found": _("There is no such device."),
    "device_revoked": _("This phone is locked out. What it has kept is still sent; ask for a new code in the office."),
    "enrolment_malformed": _("The enrolment of the device is not of the form."),
    "enrolment_not_pending": _("This device is not waiting to be confirmed."),
    "entry_too_large": _("This is too large to be an entry of the log."),
    "envelope_malformed": _("The signed envelope is not of the form (%(reason)s)."),
    "equipment_not_found": _("There is no such equipment."),
    "equipment_number_taken": _("Another piece of equipment already has the number %(number)s."),
    "event_forked": _(
        "The device has already sent something else under this number. Both are kept, and somebody must look at it."
    ),
    "event_not_found": _("There is no such event."),
    "expiry_past": _("The day on which it ends must be in the future."),
    "file_not_found": _("There is no file %(name)s."),
    "fonts_missing": _(
        "This server has no Chinese font and cannot make a PDF. Print the page, or have fonts-noto-cjk installed."
    ),
    "form_expired": _("This form is out of date. Go back, load the page again and send it once more."),
    "founder_has_device": _("The server confirms the first device of a founder only."),
    "founder_unknown": _("The server confirms devices of founders only."),
    "identity_not_found": _("This account does not belong to this person, or no longer."),
    "identity_refused": _(
        "The sign-in with your company's account did not succeed. Please try again, or use your password."
    ),
    "identity_taken": _("This account belongs to somebody already."),
    "identity_unknown": _(
        "Nobody here has this account. Your company's administrator can link it to you. Its id: %(subject)s"
    ),
    "import_certificate_incomplete": _("A certificate needs its kind, its number and the day until which it is valid."),
    "import_certificate_twice": _("The certificate %(number)s stands in the list with two different days."),
    "import_changed": _("Something has changed here since you looked at the list. Please look once more, then save."),
    "import_column_missing": _("The list has no column %(column)s. Its first row must name the columns."),
    "import_column_twice": _("The list has the column %(column)s twice."),
    "import_day_malformed": _("%(text)s is not read as a day. Write it as 2027-03-31."),
    "import_equipment_kind_missing": _("Please say what kind of equipment it is."),
    "import_equipment_name_missing": _("Please give the name of the equipment."),
    "import_equipment_number_missing": _(
        "Please give the number of the equipment. It is recognised by it in the next list."
    ),
    "import_equipment_twice": _("The number %(number)s stands in row %(line)s already."),
    "import_member_left": _("%(name)s has left. If the person is back, tick “Works here” on their page first."),
    "import_name_missing": _("Please give the person's name."),
    "import_number_missing": _("Please give the person's number. The person is recognised by it in the next list."),
    "import_number_unknown": _(
        "Somebody called %(name)s is here without a number. If it is the same person, enter it on their page first."
    ),
    "import_number_zeros": _(
        "The number %(number)s is here already; zeros in front differ. Spreadsheets drop them: set the column to text."
    ),
    "import_other_row_bad": _("Another row of the person with the number %(number)s must be mended first."),
    "import_place_ambiguous": _(
        "There are several places of this name. Write it with the names around it, such as %(place)s."
    ),
    "import_place_malformed": _("%(place)s is no place: a name is missing before or behind a slash."),
    "import_rows_differ": _("Row %(line)s says something else about the same person."),
    "import_too_long": _("This is too long: at most %(limit)s characters."),
    "import_unit_ambiguous": _(
        "There are several units of this name. Write it with the names above it, such as %(unit)s."
    ),
    "import_unit_malformed": _("%(unit)s is no unit: a name is missing before or behind a slash."),
    "import_username_differs": _("This person already signs in as %(username)s. A list cannot change that."),
    "import_username_malformed": _("A sign-in name has letters, digits and the signs @ . + - _ only."),
    "key_malformed": _("The key cannot be read."),
    "language_unknown": _("There is no language %(language)s here."),
    "last_administrator": _("The company must keep one active administrator."),
    "last_enroller": _(
        "This is the last device that can let others in. Let another such device in first, then lock this one out."
    ),
    "link_unknown": _("This link is not good, or no longer. Ask your company's administrator for a new one."),
    "log_file_not_found": _("The log has no such part."),
    "log_not_open": _("The company's evidence log has not been opened yet."),
    "member_not_found": _("There is no such person."),
    "member_number_taken": _("Another person already has the number %(number)s."),
    "method_not_allowed": _("This cannot be done at this address."),
    "name_taken": _("The name %(name)s is already used here."),
    "not_allowed": _("You may not do this."),
    "note_malformed": _("The signed note cannot be read."),
    "note_signature_invalid": _("The signature under the note is not good."),
    "opening_invalid": _("The value does not fit its commitment."),
    "opening_malformed": _("The opening of a commitment is not of the form."),
    "pack_bad_json": _("%(name)s in the pack cannot be read."),
    "pack_bad_manifest": _("The list of contents of the pack is not of the form."),
    "pack_bad_method": _("%(name)s is packed in a way that is not allowed."),
    "pack_bad_name": _("The name %(name)s is not allowed in a pack."),
    "pack_duplicate_name": _("%(name)s is in the pack twice."),
    "pack_no_manifest": _("The pack has no list of contents."),
    "pack_too_large": _("The pack is too large."),
    "pack_too_many_files": _("There are too many files in the pack."),
    "pack_unknown_version": _("The pack is of a version that is not known here."),
    "pack_unreadable": _("This is not a pack, or it is damaged."),
    "page_not_found": _("There is nothing here."),
    "password_weak": _("This password is too easy to guess: %(reason)s"),
    "payload_malformed": _("The event is not of the form (%(field)s)."),
    "payload_not_canonical": _("The event is not written in its one canonical form."),
    "payload_too_large": _("The event is too large."),
    "pdf_busy": _("This server is making other PDFs. Please try again in a few seconds."),
    "pdf_failed": _("The PDF could not be made. Please print the page instead."),
    "permission_missing": _("Your role does not allow this (%(permission)s)."),
    "photo_altered": _("The photo %(name)s is not the one that was signed."),
    "photo_hash_differs": _("The bytes of the photo are not those that were announced. Please send it again."),
    "photo_not_found": _("There is no such photo."),
    "photo_not_shown": _("This photo cannot be shown."),
    "photo_too_large": _("The photo is too large: %(size)s bytes, at most %(limit)s."),
    "photo_type_unknown": _("This kind of picture is not accepted. JPEG, PNG and WebP are."),
    "place_ambiguous": _("There are several places called %(name)s. Add the machine on the page of equipment."),
    "place_not_found": _("There is no such place."),
    "policy_malformed": _("Line %(line)s of the policy cannot be read."),
    "proof_malformed": _("The proof cannot be read."),
    "proof_out_of_range": _("The log is not that long."),
    "receipt_pending": _(
        "This is stored, and the log has not been published that far yet. Please ask again in a moment."
    ),
    "request_malformed": _("This request cannot be read."),
    "request_too_large": _("This request is too large: %(size)s bytes, at most %(limit)s."),
    "revocation_malformed": _("This does not revoke a device."),
    "revoker_may_not": _("This browser may not revoke devices: it was enrolled without that right."),
    "revoker_unknown": _("First enrol this browser on the Devices page. Only an enrolled device can revoke another."),
    "role_unknown": _("There is no role %(role)s."),
    "run_not_begun": _("Nothing of this job has been stored yet."),
    "run_not_found": _("There is no such job."),
    "second_factor_not_found": _("This person has no second factor."),
    "server_error": _("Something failed inside. It has been noted; please try again."),
    "session_not_found": _("There is no such session, or it has already ended."),
    "sheet_empty": _("There is nothing in this file."),
    "sheet_old_excel": _(
        "This is a file of the old Excel (.xls), or has a password. Save it as .xlsx without a password, or as CSV."
    ),
    "sheet_too_large": _(
        "This file is too large: at most %(rows)s rows, %(columns)s columns and %(megabytes)s MB. Please divide it."
    ),
    "sheet_unreadable": _("This file cannot be read. Save it as .xlsx or as CSV (UTF-8)."),
    "sign_in_required": _("Please sign in."),
    "signature_invalid": _("The signature is not good."),
    "signature_unknown_key": _("The company does not know this device yet, or no longer."),
    "slug_malformed": _("A short name has 2 to 40 small letters, digits and hyphens, and begins with a letter."),
    "step_not_found": _("There is no such step."),
    "template_not_found": _("There is no such process."),
    "tenant_exists": _("There is already a company %(tenant)s."),
    "tenant_not_found": _("There is no such company."),
    "text_malformed": _("%(field)s: %(reason)s"),
    "text_missing": _("Please fill in: %(field)s."),
    "text_too_long": _("%(field)s may have at most %(limit)s characters."),
    "tile_malformed": _("A part of the log cannot be read."),
    "time_zone_unknown": _("There is no time zone %(time_zone)s."),
    "tls_authority_missing": _("This installation has no certificate authority. The command up --lan makes one."),
    "token_not_found": _("There is no such access token."),
    "token_unknown": _("This access token is not known, or it has been withdrawn."),
    "too_many_attempts": _("Too many attempts. Please wait %(minutes)s min, then try again."),
    "unit_inside_itself": _("A unit cannot be part of itself, or of one below it."),
    "unit_not_found": _("There is no such unit."),
}
