"""A reading's filing is of its own organization: foreign keys look past row security, a key of two columns does not."""

from django.db import migrations

TIED = """
ALTER TABLE filings_reading ADD CONSTRAINT filings_reading_of_one_organization
  FOREIGN KEY (filing_id, organization_id) REFERENCES filings_filing (id, organization_id) DEFERRABLE INITIALLY DEFERRED;
"""
UNTIED = "ALTER TABLE filings_reading DROP CONSTRAINT filings_reading_of_one_organization;"


class Migration(migrations.Migration):
    dependencies = [("filings", "0052_why_a_number_is_corrected")]
    operations = [migrations.RunSQL(TIED, UNTIED)]
