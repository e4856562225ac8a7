import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The whole scheme in numbers, by round."""

    dependencies = [("programmes", "0010_revisions_count_once"), ("summaries", "0002_numbers")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="programmes.round",
                    ),
                ),
                ("format", models.PositiveSmallIntegerField()),
                ("inputs", models.BigIntegerField()),
                ("as_of", models.DateTimeField()),
                ("totals", models.JSONField()),
                ("lines", models.JSONField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tallies",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={"ordering": ["programme", "round__number"]},
        ),
    ]
