from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A device's row says since when its key is good no more, why, and who decided it."""

    dependencies = [("evidence", "0002_device_code_made_at")]

    operations = [
        migrations.AddField("device", "revoked_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("device", "revoked_index", models.PositiveBigIntegerField(blank=True, null=True)),
        migrations.AddField(
            "device", "revoked_why", models.CharField(blank=True, default="", max_length=40), preserve_default=False
        ),
        migrations.AddField(
            "device", "revoked_by", models.CharField(blank=True, default="", max_length=32), preserve_default=False
        ),
    ]
