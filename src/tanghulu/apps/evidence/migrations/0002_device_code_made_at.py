from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="code_made_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
