from django.db import migrations, models


class Migration(migrations.Migration):
    """A mail says which distributor it comes from; those written before come from the installation."""

    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="sender",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The distributor it comes from; empty: the installation itself.",
                max_length=200,
            ),
            preserve_default=False,
        ),
    ]
