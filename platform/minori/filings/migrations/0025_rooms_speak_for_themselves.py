from django.db import migrations

# Who says it, and when, wherever a room writes: the table, the columns of when, who ('' where only the name is kept)
# and the name.
SPEAKING = (
    ("filings_comment", "at", "by_id", "by_name"),
    ("filings_comment", "dealt_with_at", "", "dealt_with_by_name"),
    ("filings_openpart", "at", "by_id", "by_name"),
    ("filings_reading", "at", "by_id", "by_name"),
    ("filings_consultation", "shown_at", "shown_by_id", "shown_by_name"),
    ("filings_consultation", "withdrawn_at", "", "withdrawn_by_name"),
    ("filings_consultationremark", "at", "by_id", "by_name"),
    ("filings_correction", "settled_at", "settled_by_id", "settled_by_name"),
)

# What was said stays as it was said; that it is dealt with may be said and taken back. A room answers: where it was asked.
COMMENTS = """
CREATE FUNCTION public.filings_comment_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM public.filings_filing f WHERE f.id = NEW.filing_id AND f.deadline_id = NEW.deadline_id) THEN
      RAISE EXCEPTION 'a comment is about a filing of its report' USING ERRCODE = 'restrict_violation';
    END IF;
    IF public.my_organization() IS NOT NULL AND (NEW.dealt_with_at IS NOT NULL OR NOT EXISTS (
        SELECT FROM public.filings_comment asked WHERE asked.id = NEW.answers_id AND asked.answers_id IS NULL
          AND (asked.deadline_id, asked.filing_id, asked.anchor) = (NEW.deadline_id, NEW.filing_id, NEW.anchor))) THEN
      RAISE EXCEPTION 'a room answers what it was asked, where it was asked' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'dealt_with_at' - 'dealt_with_by_name'
      IS DISTINCT FROM to_jsonb(OLD) - 'dealt_with_at' - 'dealt_with_by_name' THEN
    RAISE EXCEPTION 'what was said stays as it was said' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER comments_stay BEFORE INSERT OR UPDATE OR DELETE ON filings_comment
  FOR EACH ROW EXECUTE FUNCTION public.filings_comment_stays();
"""
NO_COMMENTS = "DROP TRIGGER comments_stay ON filings_comment; DROP FUNCTION public.filings_comment_stays();"

# A draft is shown while it is written, as the next number, and is shaped like a paper; about a draft that is no longer
# shown nothing more is said.
SHOWN = """
CREATE FUNCTION public.filings_consultation_comes() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF public.filings_misshapen(NEW.contents) <> '' THEN
    RAISE EXCEPTION 'this is no draft: %', public.filings_misshapen(NEW.contents) USING ERRCODE = 'restrict_violation';
  END IF;
  IF public.my_organization() IS NOT NULL AND (NEW.withdrawn_at IS NOT NULL
      OR NOT EXISTS (SELECT FROM public.programmes_deadline d WHERE d.id = NEW.deadline_id
        AND d.state IN ('awaiting', 'returned'))) THEN
    RAISE EXCEPTION 'a draft is shown while it is written' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.number <> 1 + (SELECT coalesce(max(c.number), 0) FROM public.filings_consultation c
      WHERE c.deadline_id = NEW.deadline_id) THEN
    RAISE EXCEPTION 'drafts are shown one after the other' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER drafts_are_shown_while_written BEFORE INSERT ON filings_consultation
  FOR EACH ROW EXECUTE FUNCTION public.filings_consultation_comes();
CREATE FUNCTION public.filings_remark_comes() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.filings_consultation c WHERE c.id = NEW.consultation_id AND c.withdrawn_at IS NOT NULL) THEN
    RAISE EXCEPTION 'this draft is no longer shown' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER remarks_are_about_shown_drafts BEFORE INSERT ON filings_consultationremark
  FOR EACH ROW EXECUTE FUNCTION public.filings_remark_comes();
"""
NO_SHOWN = """
DROP TRIGGER remarks_are_about_shown_drafts ON filings_consultationremark;
DROP FUNCTION public.filings_remark_comes();
DROP TRIGGER drafts_are_shown_while_written ON filings_consultation;
DROP FUNCTION public.filings_consultation_comes();
"""
# The filing by itself, so that its contents are not turned over once more.
FILINGS = """
CREATE FUNCTION public.filings_filing_is_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.handed_in_by_id IS NULL THEN
    RAISE EXCEPTION 'in a room one of its own people hands in' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM public.room_says(NEW.handed_in_at, NEW.handed_in_by_id, NEW.handed_in_by_name);
  RETURN NEW;
END
$$;
CREATE TRIGGER rooms_sign_filings BEFORE INSERT ON filings_filing
  FOR EACH ROW WHEN (public.my_organization() IS NOT NULL)
  EXECUTE FUNCTION public.filings_filing_is_signed();
"""
NO_FILINGS = "DROP TRIGGER rooms_sign_filings ON filings_filing; DROP FUNCTION public.filings_filing_is_signed();"


def _speaking(table: str, at: str, by_id: str, by_name: str) -> migrations.RunSQL:
    name = f"rooms_speak_for_themselves_{at}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW"
        " WHEN (public.my_organization() IS NOT NULL)"
        f" EXECUTE FUNCTION public.rooms_speak_for_themselves('{at}', '{by_id}', '{by_name}')",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0024_closed_parts_and_corrections"),
        ("audit", "0023_rooms_speak_for_themselves"),
    ]
    operations = [
        *(_speaking(*one) for one in SPEAKING),
        migrations.RunSQL(COMMENTS, NO_COMMENTS),
        migrations.RunSQL(SHOWN, NO_SHOWN),
        migrations.RunSQL(FILINGS, NO_FILINGS),
    ]
