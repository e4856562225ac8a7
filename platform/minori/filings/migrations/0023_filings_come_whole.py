from django.db import migrations

# Figures and attachments come between their filing and the step that makes it count, and a filing that does not come
# to count is taken back at the end of its transaction. So nothing is added to a filing afterwards, and none dangles.
COMING = """
CREATE FUNCTION public.filings_lines_come_with_it() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
      SELECT FROM (SELECT DISTINCT came.filing_id FROM came) AS of_
      JOIN public.filings_filing f ON f.id = of_.filing_id
      JOIN public.programmes_deadline d ON d.id = f.deadline_id
      WHERE d.last_revision >= f.revision) THEN
    RAISE EXCEPTION 'figures and attachments come with their filing, not afterwards' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER figures_come_with_their_filing AFTER INSERT ON filings_figure
  REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION public.filings_lines_come_with_it();
CREATE TRIGGER attachments_come_with_their_filing AFTER INSERT ON filings_filedattachment
  REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION public.filings_lines_come_with_it();

CREATE FUNCTION public.filings_filing_counts() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.programmes_deadline d
      WHERE d.id = NEW.deadline_id AND d.last_revision >= NEW.revision) THEN
    RAISE EXCEPTION 'revision % came, but its report did not go on to it', NEW.revision
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER filings_count_as_they_come AFTER INSERT ON filings_filing
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.filings_filing_counts();
"""
NO_COMING = """
DROP TRIGGER filings_count_as_they_come ON filings_filing;
DROP FUNCTION public.filings_filing_counts();
DROP TRIGGER attachments_come_with_their_filing ON filings_filedattachment;
DROP TRIGGER figures_come_with_their_filing ON filings_figure;
DROP FUNCTION public.filings_lines_come_with_it();
"""

# As a filing begins to count its lines say what its paper says, as `report_forms.figures.figures_of` makes them. Only how
# a row's text is told apart by marks is left to `minori verify`: here a piece has to stand in the text.
LINES = """
CREATE FUNCTION public.filings_lines_expected(paper jsonb) RETURNS TABLE (
  place bigint, kind text, row_uuid uuid, indicator_uuid uuid, parent_uuid uuid, level text, support text, code text,
  progress integer, covered_by_uuid uuid, remark text, said text, nothing boolean) LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $$
  WITH answered AS (
    SELECT one ->> 'row' AS key, one AS said, at
    FROM jsonb_array_elements(paper -> 'rows') WITH ORDINALITY AS given (one, at)
  ), covered AS (
    SELECT DISTINCT ON (other) other AS key, a.key AS by_key
    FROM answered a, jsonb_array_elements_text(a.said -> 'covers') AS other
    WHERE a.said ->> 'progress' IS NOT NULL AND other <> a.key ORDER BY other, a.at
  ), lines AS (
    SELECT planned.at AS row_at, line.at AS line_at, planned.one AS planned, line.one AS indicator, a.said, c.by_key
    FROM jsonb_array_elements(paper #> '{framework,rows}') WITH ORDINALITY AS planned (one, at)
    JOIN answered a ON a.key = planned.one ->> 'uuid'
    LEFT JOIN covered c ON c.key = a.key
    CROSS JOIN LATERAL (
      SELECT NULL::jsonb, 0::bigint UNION ALL
      SELECT i.one, i.at FROM jsonb_array_elements(planned.one -> 'indicators') WITH ORDINALITY AS i (one, at)
    ) AS line (one, at)
  )
  SELECT row_number() OVER (ORDER BY row_at, line_at) - 1, CASE WHEN line_at = 0 THEN 'row' ELSE 'indicator' END,
    (planned ->> 'uuid')::uuid, (indicator ->> 'uuid')::uuid, (planned ->> 'parent')::uuid,
    planned ->> 'level', planned ->> 'support', planned ->> 'code',
    CASE WHEN line_at = 0 THEN (said ->> 'progress')::integer END, CASE WHEN line_at = 0 THEN by_key::uuid END,
    CASE WHEN line_at = 0 THEN said ->> 'remark' ELSE '' END, said ->> 'text',
    coalesce((said ->> 'nothing')::boolean, false)
  FROM lines
$$;
CREATE FUNCTION public.filings_lines_are_the_papers() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  paper jsonb := (SELECT f.contents FROM public.filings_filing f WHERE f.id = NEW.current_filing_id);
BEGIN
  IF EXISTS (
      SELECT FROM public.filings_lines_expected(paper) e
      FULL JOIN (SELECT * FROM public.filings_figure WHERE filing_id = NEW.current_filing_id) f ON f.position = e.place
      WHERE (e.kind, e.row_uuid, e.indicator_uuid, e.parent_uuid, e.level, e.support, e.code, e.progress,
          e.covered_by_uuid, e.remark, e.nothing)
        IS DISTINCT FROM (f.kind::text, f.row_uuid, f.indicator_uuid, f.parent_uuid, f.level::text, f.support::text, f.code,
          f.progress::integer, f.covered_by_uuid, f.remark, f.nothing)
        OR CASE WHEN f.kind = 'row' THEN f.shared OR (f.text <> e.said AND NOT f.nothing)
          ELSE strpos(e.said, f.text) = 0 END) THEN
    RAISE EXCEPTION 'the figures of a filing are what its paper says' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (
      SELECT FROM jsonb_array_elements(paper -> 'attachments') WITH ORDINALITY AS e (one, place)
      FULL JOIN (SELECT * FROM public.filings_filedattachment WHERE filing_id = NEW.current_filing_id) f ON f.position = e.place
      WHERE ((one ->> 'uuid')::uuid, one ->> 'sha256', one ->> 'filename', one ->> 'caption', one ->> 'content_type',
          (one ->> 'width')::integer, (one ->> 'height')::integer, (one ->> 'size')::integer, (one ->> 'row')::uuid,
          coalesce(one ->> 'rights', ''))
        IS DISTINCT FROM (f.uuid, f.sha256::text, f.filename::text, f.caption, f.content_type::text, f.width, f.height,
          f.size, f.row_uuid, f.rights::text)) THEN
    RAISE EXCEPTION 'the attachments of a filing are those of its paper' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER deadlines_go_on_to_whole_filings BEFORE UPDATE ON programmes_deadline FOR EACH ROW
  WHEN (NEW.current_filing_id IS NOT NULL AND NEW.current_filing_id IS DISTINCT FROM OLD.current_filing_id)
  EXECUTE FUNCTION public.filings_lines_are_the_papers();
"""
NO_LINES = """
DROP TRIGGER deadlines_go_on_to_whole_filings ON programmes_deadline;
DROP FUNCTION public.filings_lines_are_the_papers();
DROP FUNCTION public.filings_lines_expected(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("filings", "0022_papers_are_papers")]
    operations = [migrations.RunSQL(COMING, NO_COMING), migrations.RunSQL(LINES, NO_LINES)]
