from django.db import migrations

# Names and titles stand in subjects, heads and lists: on one line, without control characters, whoever writes them
# (`report_forms.texts.one_line`). What an earlier version kept otherwise is put on one line first.
NAMES = (
    ("accounts_person", "name"),
    ("accounts_person", "name_kana"),
    ("accounts_invitation", "name"),
    ("organizations_organization", "name"),
    ("organizations_organization", "name_kana"),
    ("programmes_distributor", "name"),
    ("programmes_distributor", "name_kana"),
    ("programmes_distributor", "funder_name"),
    ("programmes_programme", "title"),
    ("programmes_round", "title"),
    ("programmes_grant", "title"),
)
BREAKING = r"[\x01-\x1f\x7f-\x9f\u2028\u2029]"


def _on_one_line(table: str, column: str) -> migrations.RunSQL:
    name = f"{table.partition('_')[2]}_{column}_is_on_one_line"
    return migrations.RunSQL(
        [
            f"UPDATE {table} SET {column} = trim(regexp_replace({column}, '{BREAKING}+', ' ', 'g'))"  # noqa: S608
            f" WHERE {column} ~ '{BREAKING}'",
            "SET CONSTRAINTS ALL IMMEDIATE",
            f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} !~ '{BREAKING}')",
        ],
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    """Names and titles are on one line."""

    dependencies = [
        ("programmes", "0091_own_plan_guards"),
        ("accounts", "0004_invitation_life"),
        ("organizations", "0001_initial"),
    ]
    operations = [_on_one_line(*one) for one in NAMES]
