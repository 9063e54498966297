from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0003_search"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="runphoto", name="run_photo_unique"),
        migrations.AddField(
            model_name="run",
            name="awaits_photos",
            field=models.BooleanField(default=False),
        ),
        # What came before is taken as it is: an event's size is never 0.
        migrations.AddField(
            model_name="runphoto",
            name="media_type",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="runphoto",
            name="size",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="runphoto",
            constraint=models.UniqueConstraint(fields=("tenant", "run", "commitment"), name="run_photo_unique"),
        ),
    ]
