"""The figures of a grant counted beside them, and a summary's brief with its numbers: what a page of figures asks first."""

from django.db import migrations, models

COUNTS = ("figures", "behind", "reached", "worse", "carried", "without", "at_target", "ahead", "late", "undated")
COUNTED = """
CREATE FUNCTION public.summaries_count_figures() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  SELECT count(*),
    count(*) FILTER (WHERE starts_with(one ->> 'ahead', '-')),
    count(*) FILTER (WHERE (one ->> 'met')::boolean),
    count(*) FILTER (WHERE starts_with(one -> 'achievement' ->> 'value', '-')),
    count(*) FILTER (WHERE one ->> 'carried_from' IS NOT NULL),
    count(*) FILTER (WHERE one -> 'achievement' ->> 'value' IS NULL),
    count(*) FILTER (WHERE one -> 'achievement' ->> 'value' IS NOT NULL AND (one ->> 'met')::boolean),
    count(*) FILTER (WHERE one -> 'achievement' ->> 'value' IS NOT NULL AND (one ->> 'met')::boolean IS NOT TRUE
      AND one ->> 'ahead' IS NOT NULL AND NOT starts_with(one ->> 'ahead', '-')),
    count(*) FILTER (WHERE one -> 'achievement' ->> 'value' IS NOT NULL AND (one ->> 'met')::boolean IS NOT TRUE
      AND starts_with(one ->> 'ahead', '-')),
    count(*) FILTER (WHERE one -> 'achievement' ->> 'value' IS NOT NULL AND (one ->> 'met')::boolean IS NOT TRUE
      AND one ->> 'ahead' IS NULL)
  INTO NEW.figures, NEW.behind, NEW.reached, NEW.worse, NEW.carried, NEW.without, NEW.at_target, NEW.ahead, NEW.late,
    NEW.undated
  FROM jsonb_array_elements(NEW.short) one;
  RETURN NEW;
END
$$;
CREATE TRIGGER figures_are_counted BEFORE INSERT OR UPDATE OF short ON summaries_grantnumbers
  FOR EACH ROW EXECUTE FUNCTION public.summaries_count_figures();
UPDATE summaries_grantnumbers SET short = short;
CREATE OR REPLACE FUNCTION public.summaries_in_brief() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  NEW.brief := NEW.contents - 'board' - 'map' || jsonb_build_object('numbers', NEW.numbers - 'grants' - 'lines'
    || jsonb_build_object('common', (
      SELECT coalesce(jsonb_agg(c || jsonb_build_object('contributions', '[]'::jsonb, 'carried', (
        SELECT count(*) FROM jsonb_array_elements(c -> 'contributions') one
        WHERE one ->> 'carried_from' IS NOT NULL AND jsonb_typeof(one -> 'amount') = 'object' AND one ->> 'refused' = ''))
        ORDER BY place), '[]')
      FROM jsonb_array_elements(NEW.numbers -> 'common') WITH ORDINALITY common(c, place))));
  RETURN NEW;
END
$$;
DROP TRIGGER in_brief ON summaries_summary;
CREATE TRIGGER in_brief BEFORE INSERT OR UPDATE OF contents, numbers ON summaries_summary
  FOR EACH ROW EXECUTE FUNCTION public.summaries_in_brief();
UPDATE summaries_summary SET numbers = numbers WHERE contents IS NOT NULL;
"""
NOT_COUNTED = """
DROP TRIGGER in_brief ON summaries_summary;
CREATE OR REPLACE FUNCTION public.summaries_in_brief() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  NEW.brief := NEW.contents - 'board' - 'map';
  RETURN NEW;
END
$$;
CREATE TRIGGER in_brief BEFORE INSERT OR UPDATE OF contents ON summaries_summary
  FOR EACH ROW EXECUTE FUNCTION public.summaries_in_brief();
DROP TRIGGER figures_are_counted ON summaries_grantnumbers;
DROP FUNCTION public.summaries_count_figures();
"""


class Migration(migrations.Migration):
    dependencies = [("summaries", "0075_grant_numbers")]
    operations = [
        *(
            migrations.AddField("grantnumbers", name, models.PositiveIntegerField(default=0, editable=False))
            for name in COUNTS
        ),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
    ]
