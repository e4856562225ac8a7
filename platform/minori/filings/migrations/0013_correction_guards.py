from importlib import import_module

from django.db import migrations

# Foreign keys ignore row security: a proposal is about a report and a filing of its organization.
TIES = (
    ("deadline_id", "programmes_deadline", "a_correction_is_of_its_deadlines_organization"),
    ("filing_id", "filings_filing", "a_correction_is_of_its_filings_organization"),
    ("taken_in_id", "filings_filing", "a_correction_is_taken_by_its_organization"),
)

# The desk proposes while the very filing is being read, and takes back; the organization takes or declines; what is
# open when the report is sent back or accepted lapses. What was proposed stays, and is settled once.
CORRECTIONS = """
CREATE FUNCTION filings_correction_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  by_room boolean := public.my_organization() IS NOT NULL;
  settled text[] := ARRAY['state', 'word', 'settled_at', 'settled_by_id', 'settled_by_name', 'taken_in_id'];
  report record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a proposed correction stays in the history' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT d.state, d.current_filing_id, d.reading_began_at, f.revision INTO report
  FROM public.programmes_deadline d LEFT JOIN public.filings_filing f ON f.id = d.current_filing_id
  WHERE d.id = NEW.deadline_id;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' OR report.state IS DISTINCT FROM 'handed_in' OR report.reading_began_at IS NULL
       OR report.current_filing_id IS DISTINCT FROM NEW.filing_id THEN
      RAISE EXCEPTION 'a correction is proposed on the filing that is being read' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - settled IS DISTINCT FROM to_jsonb(OLD) - settled THEN
    RAISE EXCEPTION 'what was proposed stays as it was proposed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'open' THEN
    RAISE EXCEPTION 'a proposed correction is settled once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF by_room IS DISTINCT FROM (NEW.state IN ('taken', 'declined')) THEN
    RAISE EXCEPTION 'the organization takes or declines, the officer withdraws' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'taken' AND (report.state <> 'handed_in' OR NOT EXISTS (
      SELECT FROM public.filings_filing f WHERE f.id = NEW.taken_in_id AND f.deadline_id = NEW.deadline_id
      AND f.revision = report.revision + 1)) THEN
    RAISE EXCEPTION 'a correction is taken as the next revision' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER corrections_go_by_their_steps BEFORE INSERT OR UPDATE OR DELETE ON filings_correction
  FOR EACH ROW EXECUTE FUNCTION filings_correction_step();

-- Whether one filing is another but for the corrections that were taken in it, and these are as they were proposed.
CREATE FUNCTION filings_only_corrected(was bigint, now bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH papers AS (
    SELECT old.contents AS before, new.contents AS after
    FROM public.filings_filing old, public.filings_filing new
    WHERE old.id = was AND new.id = now AND new.deadline_id = old.deadline_id AND new.revision = old.revision + 1
      AND new.framework_version_id = old.framework_version_id AND new.days_late = old.days_late
      AND (new.approved_by_name, new.approved_how, new.approved_on)
        IS NOT DISTINCT FROM (old.approved_by_name, old.approved_how, old.approved_on)
  ), taken AS (
    SELECT c.anchor, c.aspect, c.new FROM public.filings_correction c WHERE c.taken_in_id = now AND c.state = 'taken'
  ), answers AS (
    SELECT coalesce(b.anchor, a.anchor) AS anchor, b.said AS before, a.said AS after,
      ARRAY(SELECT t.aspect::text FROM taken t WHERE t.anchor = coalesce(b.anchor, a.anchor)) AS aspects
    FROM (SELECT x.* FROM papers, public.filings_answers(papers.before) x) b
    FULL JOIN (SELECT x.* FROM papers, public.filings_answers(papers.after) x) a USING (anchor)
  )
  SELECT EXISTS (SELECT FROM papers
      WHERE before - ARRAY['format', 'head', 'rows', 'answers'] = after - ARRAY['format', 'head', 'rows', 'answers']
        AND (before -> 'head') - ARRAY['handed_in_on', 'revision', 'handed_in_by']
          = (after -> 'head') - ARRAY['handed_in_on', 'revision', 'handed_in_by'])
    AND EXISTS (SELECT FROM taken)
    AND NOT EXISTS (SELECT FROM taken t LEFT JOIN answers a USING (anchor)
      WHERE coalesce(a.after -> 0, a.after) ->> t.aspect IS DISTINCT FROM t.new)
    AND NOT EXISTS (SELECT FROM answers a WHERE
      public.filings_without(a.before, a.aspects) IS DISTINCT FROM public.filings_without(a.after, a.aspects))
$$;
"""
# An answer without some of its aspects; a row's stands first in a list, before its files (`filings_answers`).
WITHOUT = """
CREATE FUNCTION filings_without(said jsonb, aspects text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE jsonb_typeof(said) WHEN 'array' THEN jsonb_set(said, '{0}', (said -> 0) - aspects) ELSE said - aspects END
$$;
"""
DROP = """
DROP TRIGGER corrections_go_by_their_steps ON filings_correction;
DROP FUNCTION filings_correction_step();
DROP FUNCTION filings_only_corrected(bigint, bigint);
DROP FUNCTION filings_without(jsonb, text[]);
"""


def function_of(migration: str, constant: str) -> str:
    """The function that an earlier migration made, as a statement that puts it back."""
    made = getattr(import_module(migration), constant)
    return str(made).split("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def changed(function: str, *changes: tuple[str, str]) -> str:
    """The function with some of its words replaced, each standing there once."""
    for before, after in changes:
        assert function.count(before) == 1, before
        function = function.replace(before, after)
    return function


STEP = function_of("minori.programmes.migrations.0002_guards", "STEPS")
KEEPS = function_of("minori.programmes.migrations.0003_lateness_stays", "GUARD")
COMES = function_of("minori.filings.migrations.0011_filings_come_honestly", "GUARD")

# Handed in stays handed in where the organization takes a correction: the filing that counts becomes the next one.
TAKING = """OLD.state = 'handed_in' AND NEW.state = 'handed_in'
     AND to_jsonb(NEW) - ARRAY['current_filing_id', 'last_revision'] = to_jsonb(OLD) - ARRAY['current_filing_id', 'last_revision']
     AND public.filings_only_corrected(OLD.current_filing_id, NEW.current_filing_id)"""
NEW_STEP = changed(
    STEP,
    (
        "IF by_room AND NEW.state = OLD.state AND NEW IS DISTINCT FROM OLD THEN",
        f"IF by_room AND NEW.state = OLD.state AND NEW IS DISTINCT FROM OLD AND NOT ({TAKING}) THEN",
    ),
)
NEW_KEEPS = changed(
    KEEPS,
    (
        "('awaiting -> handed_in', 'returned -> handed_in', 'handed_in -> awaiting') THEN",
        f"('awaiting -> handed_in', 'returned -> handed_in', 'handed_in -> awaiting') AND NOT ({TAKING}) THEN",
    ),
)
# And such a filing comes while the report is being read and a correction is open; it is as late as the one it corrects.
NEW_COMES = changed(
    COMES,
    ("SELECT d.state, s.time_zone,", "SELECT d.state, s.time_zone, d.current_filing_id,"),
    (
        "IF report.state NOT IN ('awaiting', 'returned') THEN",
        "IF report.state NOT IN ('awaiting', 'returned') AND NOT (report.state = 'handed_in'"
        " AND EXISTS (SELECT FROM public.filings_correction c WHERE c.deadline_id = NEW.deadline_id AND c.state = 'open')) THEN",
    ),
    (
        "  IF NEW.days_late <> late THEN",
        "  IF report.state = 'handed_in' THEN\n"
        "    SELECT f.days_late INTO late FROM public.filings_filing f WHERE f.id = report.current_filing_id;\n"
        "  END IF;\n  IF NEW.days_late <> late THEN",
    ),
)

# A room confirms again what counted before, as it takes a correction.
FITS = function_of("minori.filings.migrations.0020_readings", "GUARD")
NEW_FITS = changed(
    FITS,
    (
        "AND d.reading_began_at IS NULL",
        "AND (d.reading_began_at IS NULL OR EXISTS (SELECT FROM public.filings_correction c WHERE c.taken_in_id = p.id))",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0012_corrections"),
        ("programmes", "0010_revisions_count_once"),
    ]
    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE filings_correction ADD CONSTRAINT {name} FOREIGN KEY ({key}, organization_id)"
                f" REFERENCES {parent} (id, organization_id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE filings_correction DROP CONSTRAINT {name}",
            )
            for key, parent, name in TIES
        ),
        migrations.RunSQL(WITHOUT + CORRECTIONS, DROP),
        migrations.RunSQL(NEW_STEP, STEP),
        migrations.RunSQL(NEW_KEEPS, KEEPS),
        migrations.RunSQL(NEW_COMES, COMES),
        migrations.RunSQL(NEW_FITS, FITS),
    ]
