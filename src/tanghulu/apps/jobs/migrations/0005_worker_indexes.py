"""Indexes of what the worker looks for: the few among all that have been dealt with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_photos_as_said"), ("tenancy", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "run",
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(status="ended", is_sealed=False, awaits_photos=False),
                name="run_unsealed",
            ),
        ),
        migrations.AddIndex(
            "runphoto",
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(stated_at__isnull=True) & ~models.Q(sha256=""),
                name="run_photo_unstated",
            ),
        ),
    ]
