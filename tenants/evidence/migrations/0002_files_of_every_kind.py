import django.db.models.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    """Photos become files: documents too, at rows too, with what is said about showing them."""

    dependencies = [("evidence", "0001_initial")]
    operations = [
        migrations.RemoveConstraint(model_name="photo", name="one_photo_per_place"),
        migrations.RemoveConstraint(model_name="photo", name="a_photo_is_added_once"),
        migrations.RenameModel("Photo", "AttachedFile"),
        migrations.AddField("attachedfile", "row_uuid", models.UUIDField(blank=True, null=True)),
        migrations.AddField(
            "attachedfile",
            "rights",
            models.CharField(blank=True, default="", help_text="A value of `contents.Rights`.", max_length=20),
            preserve_default=False,
        ),
        migrations.AlterField("attachedfile", "width", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AlterField("attachedfile", "height", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddConstraint(
            "attachedfile",
            models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("deadline_id", "position"),
                name="one_file_per_place",
            ),
        ),
        migrations.AddConstraint(
            "attachedfile",
            models.UniqueConstraint(
                fields=("deadline_id", "row_uuid", "sha256"),
                name="a_file_is_added_once_at_a_place",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            "attachedfile",
            models.CheckConstraint(
                condition=models.Q(("height", None), ("width", None))
                | models.Q(("height__isnull", False), ("width__isnull", False)),
                name="pictures_have_both_measures",
            ),
        ),
    ]
