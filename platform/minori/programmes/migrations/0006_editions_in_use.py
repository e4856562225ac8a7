"""Keep the files of editions in use, and the labels that distributors complete."""

import hashlib
from typing import Any

from django.db import migrations, models
from django.utils import timezone


def pin_what_is_in_use(apps: Any, schema_editor: Any) -> None:
    """What rounds pin already is kept as its file is now; an edition without a file stays for `minori check` to tell."""
    from minori.report_forms import editions

    kept = apps.get_model("programmes", "PinnedEdition")
    in_use = apps.get_model("programmes", "Round").objects.values_list("edition", "edition_version").distinct()
    for key, version in in_use:
        file = editions.find_file(key, version)
        if file is not None:
            content = file.path.read_bytes()
            facts = {
                "text": content.decode(),
                "sha256": hashlib.sha256(content).hexdigest(),
                "pinned_at": timezone.now(),
            }
            kept.objects.get_or_create(key=file.key, version=version, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_recalling")]

    operations = [
        migrations.AddField(
            "distributor",
            "edition_labels",
            models.JSONField(blank=True, default=dict, verbose_name="completed labels of forms"),
        ),
        migrations.CreateModel(
            "PinnedEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, verbose_name="form edition")),
                ("version", models.PositiveSmallIntegerField()),
                ("text", models.TextField(verbose_name="its file")),
                ("sha256", models.CharField(max_length=64)),
                ("pinned_at", models.DateTimeField(verbose_name="in use since")),
            ],
            options={"ordering": ["key", "version"]},
        ),
        migrations.AddConstraint(
            "pinnededition",
            models.UniqueConstraint(fields=["key", "version"], name="an_edition_is_kept_once"),
        ),
        migrations.RunPython(pin_what_is_in_use, migrations.RunPython.noop),
    ]
