from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_append_only")]
    operations = [
        migrations.AddField("report", "saves", models.PositiveIntegerField(default=0)),
        migrations.AddField("answer", "save_number", models.PositiveIntegerField(default=0)),
        migrations.AddField("answer", "posted", models.JSONField(blank=True, default=dict)),
        migrations.AddField("answer", "sitting_began_at", models.DateTimeField(null=True)),
        migrations.RunSQL("UPDATE reports_answer SET sitting_began_at = saved_at", migrations.RunSQL.noop),
        migrations.AlterField("answer", "sitting_began_at", models.DateTimeField()),
        migrations.AddField("answerrevision", "set_aside", models.BooleanField(default=False)),
        migrations.AlterModelOptions("answerrevision", {"ordering": ["answer", "version", "pk"]}),
        migrations.RemoveConstraint("answerrevision", "one_revision_per_save"),
        migrations.AddConstraint(
            "answerrevision",
            models.UniqueConstraint(
                fields=("answer", "version"),
                condition=models.Q(set_aside=False),
                name="one_revision_per_save",
            ),
        ),
    ]
