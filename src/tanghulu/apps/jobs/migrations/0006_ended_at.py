"""When runs ended, found by folding their events once more, and which of them wait for photos."""

import json

from django.db import migrations, models

from tanghulu.apps.tenancy import scope
from tanghulu.core import flow
from tanghulu.core.chain import envelope


def look_back(apps, _schema_editor):
    """Fill the columns of the runs that have ended."""
    run_model = apps.get_model("jobs", "Run")
    templates = {}
    with scope.across_tenants():
        for row in run_model.objects.filter(status="ended").order_by("pk").iterator(chunk_size=200):
            key = (row.tenant_id, row.version)
            if key not in templates:
                templates[key] = _template(apps, *key)
            row.ended_at = _end(apps, row, templates[key]) or row.changed_at
            row.awaits_photos = not all(map(flow.is_settled, flow.every_photo(row.state)))
            row.save(update_fields=["ended_at", "awaits_photos"])


def _template(apps, tenant, version):
    found = apps.get_model("flows", "TemplateVersion").objects.filter(tenant_id=tenant, version=version).first()
    return flow.load_version(json.loads(bytes(found.document))) if found else None


def _end(apps, row, template):
    if template is None:
        return None
    entries = apps.get_model("evidence", "Entry").objects.filter(tenant_id=row.tenant_id, run=row.ref)
    state, is_open = flow.new_state(), False
    for entry in entries.order_by("index").iterator(chunk_size=500):
        event = json.loads(envelope.parse_entry(bytes(entry.envelope)).payload)
        is_open = is_open or (event["type"] == "run.opened" and event["data"].get("version") == row.version)
        if is_open:
            flow.take_in(template, state, {**event, "hash": entry.payload_hash})
        if state["status"] == "ended":
            return entry.received_at
    return None


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0005_worker_indexes"),
        ("flows", "0001_initial"),
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.AddField("run", "ended_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(look_back, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex("run", "run_changed"),
        migrations.AddIndex(
            "run",
            models.Index(fields=["tenant", "-ended_at"], condition=models.Q(ended_at__isnull=False), name="run_ended"),
        ),
    ]
