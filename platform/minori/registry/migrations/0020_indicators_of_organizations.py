from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial"), ("registry", "0002_guards")]
    operations = [
        migrations.AddConstraint(
            model_name="registeredindicator",
            constraint=models.UniqueConstraint(
                fields=("id", "organization"), name="an_indicator_and_its_organization"
            ),
        ),
    ]
