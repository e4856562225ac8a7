"""Versions to come, for benches: what the rooms' `evidence` has now, and migrations that nobody will ever release."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.test import override_settings

_APP = "evidence"
_NOW = "tenants.evidence.migrations"

SCHEMA = (
    "0998_bench_schema",
    """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("evidence", "{before}")]
    operations = [
        migrations.AddField("attachedfile", "shelf", models.CharField(max_length=20, default="none", db_index=True)),
        migrations.CreateModel("Shelf", [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.TextField()),
            ("file", models.ForeignKey("evidence.attachedfile", models.CASCADE, null=True)),
        ]),
        migrations.AddConstraint("shelf", models.UniqueConstraint(fields=["file"], name="one_shelf_a_file")),
    ]
""",
)
"""A field, a table and a constraint."""

ROWS = (
    "0999_bench_rows",
    """
from django.db import migrations

def write(apps, editor):
    apps.get_model("evidence", "Shelf").objects.create(name=editor.connection.schema_name)

class Migration(migrations.Migration):
    dependencies = [("evidence", "{before}")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
""",
)
"""Python that writes a row."""


@contextmanager
def version_with(*added: tuple[str, str]) -> Iterator[None]:
    """Migrations that are read inside the block are those of now and these after them."""
    name = f"{_APP}_with_{'_'.join(one for one, _text in added)}"
    now = Path(next(iter(import_module(_NOW).__path__)))
    with TemporaryDirectory() as folder:
        package = Path(folder) / name
        package.mkdir()
        for file in now.glob("*.py"):
            (package / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
        before = max(file.stem for file in now.glob("[0-9]*.py"))
        for migration, text in added:
            (package / f"{migration}.py").write_text(text.format(before=before), encoding="utf-8")
            before = migration
        sys.path.insert(0, folder)
        invalidate_caches()
        try:
            with override_settings(MIGRATION_MODULES=settings.MIGRATION_MODULES | {_APP: name}):
                yield
        finally:
            sys.path.remove(folder)
            for module in [one for one in sys.modules if one.partition(".")[0] == name]:
                del sys.modules[module]
