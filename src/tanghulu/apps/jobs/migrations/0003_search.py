"""The index of words: the rows, and beside them FTS5 on SQLite or a GIN index on PostgreSQL over the same tokens.

A later migration that makes Django copy `jobs_searchtext` on SQLite must make the triggers anew.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = (
    (
        "CREATE VIRTUAL TABLE jobs_search USING fts5(tokens, content='jobs_searchtext', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0')"
    ),
    (
        "CREATE TRIGGER jobs_search_added AFTER INSERT ON jobs_searchtext BEGIN "
        "INSERT INTO jobs_search(rowid, tokens) VALUES (new.id, new.tokens); END"
    ),
    (
        "CREATE TRIGGER jobs_search_removed AFTER DELETE ON jobs_searchtext BEGIN "
        "INSERT INTO jobs_search(jobs_search, rowid, tokens) VALUES ('delete', old.id, old.tokens); END"
    ),
    (
        "CREATE TRIGGER jobs_search_changed AFTER UPDATE ON jobs_searchtext BEGIN "
        "INSERT INTO jobs_search(jobs_search, rowid, tokens) VALUES ('delete', old.id, old.tokens); "
        "INSERT INTO jobs_search(rowid, tokens) VALUES (new.id, new.tokens); END"
    ),
)
POSTGRESQL = (
    "CREATE INDEX jobs_search_tokens ON jobs_searchtext USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
)
GONE = ("DROP TABLE IF EXISTS jobs_search",)


def make(_apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unmake(_apps, schema_editor):
    for statement in () if schema_editor.connection.vendor == "postgresql" else GONE:
        schema_editor.execute(statement)


def tenant():
    return models.ForeignKey(
        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.tenant"
    )


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_standing"), ("tenancy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchMark",
            fields=[("id", key()), ("next_entry", models.PositiveBigIntegerField(default=0)), ("tenant", tenant())],
            options={"constraints": [models.UniqueConstraint(fields=("tenant",), name="search_mark_unique")]},
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", key()),
                ("entry", models.PositiveBigIntegerField()),
                ("commitment", models.CharField(blank=True, max_length=64)),
                ("tokens", models.TextField(blank=True, null=True)),
                (
                    "run",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="jobs.run"),
                ),
                ("tenant", tenant()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "entry", "commitment"), name="search_text_unique")
                ],
                "indexes": [
                    models.Index(fields=["tenant", "commitment"], name="search_text_commitment"),
                    models.Index(
                        fields=["tenant"], condition=models.Q(tokens__isnull=True), name="search_text_waiting"
                    ),
                ],
            },
        ),
        migrations.RunPython(make, unmake),
    ]
