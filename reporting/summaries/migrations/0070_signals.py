
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('summaries', '0010_tally'),
    ]

    operations = [
        migrations.AddField(
            model_name='summary',
            name='signals',
            field=models.JSONField(null=True),
        ),
    ]
