"""When a job was opened, beside whoever has a part in it: for the newest jobs of somebody who has many."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from tanghulu.apps.tenancy import scope


def copy(apps, _schema_editor):
    """Take it from the runs."""
    runs = apps.get_model("jobs", "Run").objects.filter(pk=OuterRef("run_id"))
    with scope.across_tenants():
        apps.get_model("jobs", "RunMember").objects.update(opened_at=Subquery(runs.values("opened_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("jobs", "0006_ended_at")]

    operations = [
        migrations.AddField("runmember", "opened_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(copy, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex("runmember", "run_member_runs"),
        migrations.AddIndex(
            "runmember", models.Index(fields=["tenant", "member", "-opened_at", "run"], name="run_member_newest")
        ),
    ]
