"""Where limits on attempts are counted: one place for all web processes (settings.CACHES)."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TABLE accounts_attempts ("
            " cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);"
            "CREATE INDEX attempts_by_expiry ON accounts_attempts (expires)",
            "DROP TABLE accounts_attempts",
        ),
    ]
