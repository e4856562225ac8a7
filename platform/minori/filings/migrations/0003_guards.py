from django.db import migrations

# Foreign keys ignore row security: without these a room could hang its filing on another organization's deadline.
TIES = (
    ("filings_filing", "deadline_id", "programmes_deadline", "a_filing_is_of_its_deadlines_organization"),
    ("filings_filing", "framework_version_id", "registry_frameworkversion", "a_filing_is_of_its_versions_organization"),
    ("filings_figure", "filing_id", "filings_filing", "a_figure_is_of_its_filings_organization"),
    ("filings_filedattachment", "filing_id", "filings_filing", "an_attachment_is_of_its_filings_organization"),
    ("filings_comment", "deadline_id", "programmes_deadline", "a_comment_is_of_its_deadlines_organization"),
    ("filings_comment", "filing_id", "filings_filing", "a_comment_is_of_its_filings_organization"),
    ("filings_comment", "answers_id", "filings_comment", "an_answer_is_of_its_comments_organization"),
)
FROZEN = ("filings_filing", "filings_figure", "filings_filedattachment")


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0002_initial"),
        ("programmes", "0002_guards"),
        ("registry", "0002_guards"),
        ("tenancy", "0001_my_organization"),
    ]
    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({key}, organization_id)"
                f" REFERENCES {parent} (id, organization_id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, key, parent, name in TIES
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION public.refuse_change()",
                f"DROP TRIGGER never_changed ON {table}",
            )
            for table in FROZEN
        ),
    ]
