from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Tokens may end by themselves, say who issued them, and only send once their device's key was revoked."""

    dependencies = [("directory", "0002_sign_in")]

    operations = [
        migrations.AddField("accesstoken", "expires_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "accesstoken", "issued_by", models.CharField(blank=True, default="", max_length=32), preserve_default=False
        ),
        migrations.AddField("accesstoken", "only_sends", models.BooleanField(default=False)),
    ]
