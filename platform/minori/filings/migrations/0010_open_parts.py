import django.db.models.deletion
from django.db import migrations, models

# Foreign keys ignore row security: without these a room could open a part of another organization's filing.
TIES = (
    ("deadline_id", "programmes_deadline", "an_open_part_is_of_its_deadlines_organization"),
    ("filing_id", "filings_filing", "an_open_part_is_of_its_filings_organization"),
)

# A part is opened only while the very filing is returned; and a returned report comes again with its other parts as
# they were. `filings_answers` takes a paper apart as `report_forms.parts.values_of` does.
GUARD = """
CREATE FUNCTION filings_part_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.programmes_deadline d WHERE d.id = NEW.deadline_id
      AND d.state = 'returned' AND d.current_filing_id = NEW.filing_id) THEN
    RAISE EXCEPTION 'a part is opened only while its filing is returned' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER parts_open_while_returned BEFORE INSERT ON filings_openpart
  FOR EACH ROW EXECUTE FUNCTION filings_part_opens();
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON filings_openpart
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE FUNCTION filings_answers(paper jsonb) RETURNS TABLE (anchor text, said jsonb) LANGUAGE sql IMMUTABLE AS $$
  SELECT one ->> 'row', jsonb_build_array(one, (
    SELECT jsonb_agg(file ORDER BY place)
    FROM jsonb_array_elements(paper -> 'attachments') WITH ORDINALITY AS attached (file, place)
    WHERE file ->> 'row' = one ->> 'row'))
  FROM jsonb_array_elements(paper -> 'rows') AS one
  UNION ALL
  SELECT answer.key, answer.value
  FROM jsonb_each(paper -> 'answers') AS section, jsonb_each(section.value) AS answer
  UNION ALL
  SELECT 'attachments', coalesce(jsonb_agg(file ORDER BY place), '[]')
  FROM jsonb_array_elements(paper -> 'attachments') WITH ORDINALITY AS attached (file, place)
  WHERE file ->> 'row' IS NULL
$$;
CREATE FUNCTION filings_closed_parts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed text;
BEGIN
  IF EXISTS (SELECT FROM public.filings_openpart p
      WHERE p.filing_id = OLD.current_filing_id AND p.anchor = '') THEN
    RETURN NEW;
  END IF;
  SELECT was.anchor INTO changed
  FROM (SELECT a.* FROM public.filings_filing f, public.filings_answers(f.contents) a
        WHERE f.id = OLD.current_filing_id) AS was
  JOIN (SELECT a.* FROM public.filings_filing f, public.filings_answers(f.contents) a
        WHERE f.id = NEW.current_filing_id) AS now USING (anchor)
  WHERE was.said <> now.said AND NOT EXISTS (
    SELECT FROM public.filings_openpart p WHERE p.filing_id = OLD.current_filing_id AND p.anchor = was.anchor)
  LIMIT 1;
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION 'the part % was not opened, so it stays as it was', changed USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER deadlines_keep_closed_parts BEFORE UPDATE ON programmes_deadline FOR EACH ROW
  WHEN (OLD.state = 'returned' AND NEW.state = 'handed_in')
  EXECUTE FUNCTION filings_closed_parts_stay();
"""
DROP = """
DROP TRIGGER deadlines_keep_closed_parts ON programmes_deadline;
DROP FUNCTION filings_closed_parts_stay();
DROP FUNCTION filings_answers(jsonb);
DROP TRIGGER never_changed ON filings_openpart;
DROP TRIGGER parts_open_while_returned ON filings_openpart;
DROP FUNCTION filings_part_opens();
"""

# What is returned at this moment was returned when everything opened: so it stays.
OPEN_WHAT_IS_RETURNED = """
INSERT INTO filings_openpart (deadline_id, organization_id, filing_id, anchor, side, reason, at, by_id, by_name)
SELECT d.id, d.organization_id, d.current_filing_id, '', 'desk', '', d.returned_at, NULL, 'Minori'
FROM programmes_deadline d WHERE d.state = 'returned';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0006_attachments_at_rows"),
        ("filings", "0009_consultation_guards"),
        ("organizations", "0001_initial"),
        ("programmes", "0004_recalling"),
        ("tenancy", "0001_my_organization"),
    ]
    operations = [
        migrations.CreateModel(
            name="OpenPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("anchor", models.CharField(blank=True, max_length=100)),
                (
                    "side",
                    models.CharField(choices=[("desk", "distributor"), ("room", "organization")], max_length=10),
                ),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.TextField()),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_parts",
                        to="programmes.deadline",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="open_parts", to="filings.filing"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["filing", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("filing", "anchor"), name="a_part_is_opened_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("side", "desk"),
                            models.Q(models.Q(("anchor", ""), _negated=True), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="an_organization_opens_a_part_with_a_reason",
                        violation_error_message="Give the reason.",
                    ),
                ],
            },
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE filings_openpart ADD CONSTRAINT {name} FOREIGN KEY ({key}, organization_id)"
                f" REFERENCES {parent} (id, organization_id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE filings_openpart DROP CONSTRAINT {name}",
            )
            for key, parent, name in TIES
        ),
        migrations.RunSQL(OPEN_WHAT_IS_RETURNED, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, DROP),
    ]
