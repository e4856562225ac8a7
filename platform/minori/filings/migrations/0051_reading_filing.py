"""A reading knows the filing of its figure, so that a whole scheme's numbers are counted without looking the figures up."""

import django.db.models.deletion
from django.db import migrations, models

# The database says it: there is nobody who could say another one, and what a figure belongs to never changes.
FILLED_IN = """
CREATE FUNCTION public.filings_reading_of_filing() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  NEW.filing_id := (SELECT f.filing_id FROM public.filings_figure f WHERE f.id = NEW.figure_id);
  RETURN NEW;
END
$$;
CREATE TRIGGER readings_know_their_filing BEFORE INSERT ON filings_reading
  FOR EACH ROW EXECUTE FUNCTION public.filings_reading_of_filing();
ALTER TABLE filings_reading DISABLE TRIGGER never_changed;
UPDATE filings_reading r SET filing_id = f.filing_id FROM filings_figure f WHERE f.id = r.figure_id;
ALTER TABLE filings_reading ENABLE TRIGGER never_changed;
"""
NOT_FILLED_IN = """
DROP TRIGGER readings_know_their_filing ON filings_reading;
DROP FUNCTION public.filings_reading_of_filing();
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0050_rooms_tell_the_truth")]
    operations = [
        migrations.AddField(
            model_name="reading",
            name="filing",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="filings.filing",
            ),
        ),
        migrations.RunSQL(FILLED_IN, NOT_FILLED_IN),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(("figure", None), ("filing", None))
                | models.Q(("figure__isnull", False), ("filing__isnull", False)),
                name="a_reading_of_a_figure_knows_its_filing",
            ),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(
                condition=models.Q(("filing__isnull", False), ("withdrawn", False)),
                fields=["filing"],
                include=("id",),
                name="readings_of_a_filing",
            ),
        ),
    ]
