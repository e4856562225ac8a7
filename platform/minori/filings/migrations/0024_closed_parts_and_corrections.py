from importlib import import_module

from django.db import migrations

# What earlier migrations made is put in place anew here: whoever changes these functions changes them here.
_guards = import_module("minori.filings.migrations.0013_correction_guards")
_parts = import_module("minori.filings.migrations.0010_open_parts")
_changed = _guards.changed

_TRIGGER = "RETURNS trigger LANGUAGE plpgsql AS"
_IN_PUBLIC = "RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS"


def _functions(text: str) -> dict[str, str]:
    """The functions of an earlier migration by name, each as a statement that puts it back."""
    found = {}
    for one in text.split("CREATE FUNCTION ")[1:]:
        body = one[: one.index("$$;") + 3].replace(_TRIGGER, _IN_PUBLIC)
        found[one[: one.index("(")]] = f"CREATE OR REPLACE FUNCTION public.{body}\n"
    return found


PARTS = _functions(_parts.GUARD)
CORRECTIONS = _functions(_guards.CORRECTIONS)
FITS = _guards.NEW_FITS.replace(_TRIGGER, _IN_PUBLIC)

# Files at a row that is not asked (any more) are a part by themselves, as in `report_forms.parts.values_of`.
NEW_ANSWERS = _changed(
    PARTS["filings_answers"],
    (
        "  SELECT 'attachments', coalesce(jsonb_agg(file ORDER BY place), '[]')",
        "  SELECT file ->> 'row', jsonb_agg(file ORDER BY place)\n"
        "  FROM jsonb_array_elements(paper -> 'attachments') WITH ORDINALITY AS attached (file, place)\n"
        "  WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(paper -> 'rows') AS one WHERE one ->> 'row' = file ->> 'row')\n"
        "    AND file ->> 'row' IS NOT NULL GROUP BY file ->> 'row'\n"
        "  UNION ALL\n"
        "  SELECT 'attachments', coalesce(jsonb_agg(file ORDER BY place), '[]')",
    ),
)
# A part that is left out is compared too. Only what the plan or the form took away or brought may be on one side: a row
# that one of the two plans does not have, and whatever is on one side only where the two are on different forms.
NEW_CLOSED = _changed(
    PARTS["filings_closed_parts_stay"],
    ("  SELECT was.anchor INTO changed", "  SELECT coalesce(was.anchor, now.anchor) INTO changed"),
    ("  JOIN (SELECT a.*", "  FULL JOIN (SELECT a.*"),
    (
        "  WHERE was.said <> now.said AND NOT EXISTS (",
        "  CROSS JOIN (SELECT f.contents AS before, g.contents AS after FROM public.filings_filing f, public.filings_filing g\n"
        "    WHERE f.id = OLD.current_filing_id AND g.id = NEW.current_filing_id) AS papers\n"
        "  WHERE was.said IS DISTINCT FROM now.said\n"
        "    AND (before #> '{framework,rows}' @> jsonb_build_array(jsonb_build_object('uuid', anchor)))\n"
        "      = (after #> '{framework,rows}' @> jsonb_build_array(jsonb_build_object('uuid', anchor)))\n"
        "    AND (was.anchor = now.anchor OR (before -> 'edition', before -> 'edition_version')\n"
        "      = (after -> 'edition', after -> 'edition_version'))\n"
        "    AND NOT EXISTS (",
    ),
    ("AND p.anchor = was.anchor)", "AND p.anchor = coalesce(was.anchor, now.anchor))"),
)

# A correction is taken in a revision that comes after the one it corrects: the next one, as the filing's own guard sees to.
NEW_STEP = _changed(
    CORRECTIONS["filings_correction_step"], ("AND f.revision = report.revision + 1)", "AND f.revision > report.revision)")
)
NEW_ONLY = _changed(
    CORRECTIONS["filings_only_corrected"], ("AND new.revision = old.revision + 1", "AND new.revision > old.revision"),
    (
        "AND new.framework_version_id = old.framework_version_id",
        "AND new.framework_version_id IS NOT DISTINCT FROM old.framework_version_id",
    )
)
# A room says what its figures mean before its report goes on to them, so in the transaction of handing in.
NEW_FITS = _changed(
    FITS,
    ("JOIN public.programmes_deadline d ON d.current_filing_id = p.id", "JOIN public.programmes_deadline d ON d.id = p.deadline_id"),
    (
        "d.state = 'handed_in' AND (d.reading_began_at IS NULL OR EXISTS (SELECT FROM public.filings_correction c"
        " WHERE c.taken_in_id = p.id))",
        "d.last_revision < p.revision",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("filings", "0023_filings_come_whole")]
    operations = [
        migrations.RunSQL(NEW_ANSWERS, PARTS["filings_answers"]),
        migrations.RunSQL(NEW_CLOSED, PARTS["filings_closed_parts_stay"]),
        migrations.RunSQL(NEW_STEP, CORRECTIONS["filings_correction_step"]),
        migrations.RunSQL(NEW_ONLY, CORRECTIONS["filings_only_corrected"]),
        migrations.RunSQL(NEW_FITS, FITS),
    ]
