"""How runs stand, copied out of their states: for boards that do not slow down with the number of ended jobs."""

import json

from django.db import migrations, models


def copy_out(apps, _schema_editor):
    """Fill the new columns of the runs that are there."""
    run_model = apps.get_model("jobs", "Run")
    kinds = {}
    for row in run_model.objects.exclude(status="new").iterator(chunk_size=200):
        key = (row.tenant_id, row.version)
        if key not in kinds:
            kinds[key] = _registers(apps, *key)
        entries = [
            entry
            for name, entries in row.state["registers"].items()
            if kinds[key].get(name) == "people"
            for entry in entries
        ]
        row.inside = sum("out_at" not in entry for entry in entries) or None
        row.contradictions = len(row.state["contradictions"])
        row.urgency = _urgency(row)
        row.save(update_fields=["inside", "contradictions", "urgency"])


def _registers(apps, tenant, version):
    versions = apps.get_model("flows", "TemplateVersion").objects
    found = versions.filter(tenant_id=tenant, version=version).first()
    document = json.loads(bytes(found.document)) if found else {}
    return {name: register["kind"] for name, register in document.get("registers", {}).items()}


def _urgency(row):
    if row.status == "stopped":
        return 0
    if row.status != "open":
        return None
    if row.is_overdue:
        return 1
    return 2 if row.inside else 3


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
        ("flows", "0001_initial"),
    ]

    operations = [
        migrations.AddField("run", "urgency", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField("run", "inside", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField("run", "contradictions", models.PositiveIntegerField(default=0)),
        migrations.RunPython(copy_out, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex("run", models.Index(fields=["tenant", "-opened_at"], name="run_opened")),
        migrations.AddIndex("run", models.Index(fields=["tenant", "template", "-opened_at"], name="run_template")),
        migrations.AddIndex("run", models.Index(fields=["tenant", "equipment", "-opened_at"], name="run_equipment")),
        migrations.AddIndex(
            "run",
            models.Index(
                fields=["tenant", "urgency", "-opened_at", "contradictions"],
                condition=models.Q(urgency__isnull=False),
                name="run_live",
            ),
        ),
        migrations.AddIndex(
            "run",
            models.Index(fields=["tenant", "inside"], condition=models.Q(inside__isnull=False), name="run_inside"),
        ),
    ]
