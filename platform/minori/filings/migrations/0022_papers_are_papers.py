from django.db import migrations

# JSON written down in the one way of `report_forms.contents.canonical`: keys in the order of their code points, no
# white space. Whole numbers only, so what PostgreSQL writes for a scalar is what Python writes.
CANONICAL = """
CREATE FUNCTION public.filings_canonical(data jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = public, pg_temp AS $$
BEGIN
  RETURN CASE jsonb_typeof(data)
    WHEN 'object' THEN (SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' ||
        CASE WHEN jsonb_typeof(value) IN ('object', 'array') THEN public.filings_canonical(value) ELSE value::text END,
        ',' ORDER BY key COLLATE "C"), '') || '}' FROM jsonb_each(data))
    WHEN 'array' THEN (SELECT '[' || coalesce(string_agg(
        CASE WHEN jsonb_typeof(value) IN ('object', 'array') THEN public.filings_canonical(value) ELSE value::text END,
        ',' ORDER BY place), '') || ']' FROM jsonb_array_elements(data) WITH ORDINALITY AS items (value, place))
    ELSE data::text END;
END
$$;
CREATE FUNCTION public.filings_sha256(data jsonb) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(convert_to(public.filings_canonical(data), 'UTF8')), 'hex')
$$;
-- The hashes of a paper's parts, as `report_forms.contents.part_hashes_of` makes them.
CREATE FUNCTION public.filings_part_hashes(paper jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $$
  SELECT jsonb_object_agg(part, public.filings_sha256(said)) FROM (
    SELECT 'form' AS part, jsonb_build_object('format', paper -> 'format', 'edition', paper -> 'edition',
      'edition_version', paper -> 'edition_version', 'framework_number', paper -> 'framework_number') AS said
    UNION ALL
    SELECT key, paper -> key FROM unnest(ARRAY['head', 'framework', 'rows', 'attachments']) AS key
    UNION ALL
    SELECT 'answers.' || key, value FROM jsonb_each(paper -> 'answers')
  ) AS parts
$$;
"""

# What is wrong with the shape of a paper, "" where nothing is. `report_forms.contents` reads more closely; this is
# what guards and pages that look into papers with SQL stand on. A new format is named here by a migration.
SHAPE = """
CREATE FUNCTION public.filings_misshapen(paper jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = public, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  IF jsonb_typeof(paper) IS DISTINCT FROM 'object' THEN
    RETURN 'a paper is an object';
  END IF;
  SELECT string_agg(known.key, ', ' ORDER BY known.key) INTO wrong
  FROM (VALUES ('format', 'number'), ('edition', 'string'), ('edition_version', 'number'), ('framework_number', 'number'),
      ('head', 'object'), ('framework', 'object'), ('rows', 'array'), ('answers', 'object'), ('attachments', 'array')
    ) AS known (key, kind)
  WHERE jsonb_typeof(paper -> known.key) IS DISTINCT FROM known.kind;
  IF wrong IS NOT NULL THEN
    RETURN 'no paper without ' || wrong;
  END IF;
  IF (SELECT count(*) FROM jsonb_object_keys(paper)) <> 9 THEN
    RETURN 'a paper has nine parts and nothing else';
  END IF;
  IF paper ->> 'format' NOT IN ('1', '2') THEN
    RETURN 'no format ' || (paper ->> 'format') || ' is known';
  END IF;
  IF jsonb_typeof(paper #> '{framework,rows}') IS DISTINCT FROM 'array' THEN
    RETURN 'a plan has rows';
  END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(paper -> 'rows') AS one
      WHERE jsonb_typeof(one) <> 'object' OR jsonb_typeof(one -> 'row') IS DISTINCT FROM 'string'
        OR jsonb_typeof(one -> 'text') IS DISTINCT FROM 'string') THEN
    RETURN 'each row says which it is and what stands there';
  END IF;
  IF (SELECT count(*) <> count(DISTINCT one ->> 'row') FROM jsonb_array_elements(paper -> 'rows') AS one) THEN
    RETURN 'each row is answered once';
  END IF;
  IF EXISTS (SELECT FROM jsonb_each(paper -> 'answers') AS section WHERE jsonb_typeof(section.value) <> 'object')
     OR EXISTS (SELECT FROM jsonb_each(paper -> 'answers') AS section, jsonb_each(section.value) AS answer
      WHERE jsonb_typeof(answer.value) <> 'object' OR jsonb_typeof(answer.value -> 'kind') IS DISTINCT FROM 'string') THEN
    RETURN 'each answer says its kind';
  END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(paper -> 'attachments') AS one
      WHERE jsonb_typeof(one) <> 'object' OR coalesce(one ->> 'sha256', '') !~ '^[0-9a-f]{64}$') THEN
    RETURN 'each attachment names its bytes';
  END IF;
  RETURN '';
END
$$;
"""

# What is handed in is a paper: of the form that the round pins, about the plan in force as it was registered, with a
# head that says what the row says, and with the hashes that belong to it. A correction keeps the plan of the paper
# that it corrects, so the newest one is asked for only where a report is open.
PAPERS = """
CREATE FUNCTION public.filings_filing_is_a_paper() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  wrong text := public.filings_misshapen(NEW.contents);
  report record;
  head jsonb := NEW.contents -> 'head';
BEGIN
  IF wrong <> '' OR to_jsonb(NEW.format) IS DISTINCT FROM NEW.contents -> 'format' THEN
    RAISE EXCEPTION 'this is no paper: %', coalesce(nullif(wrong, ''), 'it says another format')
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.part_hashes IS DISTINCT FROM public.filings_part_hashes(NEW.contents)
     OR NEW.hash IS DISTINCT FROM public.filings_sha256(NEW.part_hashes) THEN
    RAISE EXCEPTION 'the hashes of a paper are those of its parts' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT r.edition, r.edition_version, d.state,
    (NEW.handed_in_at AT TIME ZONE s.time_zone)::date AS today,
    (SELECT v.id FROM public.registry_frameworkversion v
      WHERE v.grant_id = d.grant_id AND v.effective_from_round <= r.number ORDER BY v.number DESC LIMIT 1) AS version_id,
    (SELECT f.framework_version_id FROM public.filings_filing f WHERE f.id = d.current_filing_id) AS before_id
  INTO report
  FROM public.programmes_deadline d
  JOIN public.programmes_round r ON r.id = d.round_id
  JOIN public.programmes_programme p ON p.id = r.programme_id
  JOIN public.programmes_distributor s ON s.id = p.distributor_id
  WHERE d.id = NEW.deadline_id;
  IF report.state IS NULL THEN
    RETURN NEW; -- another organization's: row security and the composite key refuse it
  END IF;
  IF (NEW.contents ->> 'edition', NEW.contents ->> 'edition_version')
     IS DISTINCT FROM (report.edition::text, report.edition_version::text) AND report.state <> 'handed_in' THEN
    RAISE EXCEPTION 'this round asks the form %.v%', report.edition, report.edition_version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.framework_version_id IS DISTINCT FROM
     (CASE WHEN report.state = 'handed_in' THEN report.before_id ELSE report.version_id END) THEN
    RAISE EXCEPTION 'a report answers to the plan that is in force' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (head ->> 'revision', head ->> 'handed_in_on', head #>> '{handed_in_by,id}', head #>> '{handed_in_by,name}')
     IS DISTINCT FROM (NEW.revision::text, report.today::text,
       coalesce(NEW.handed_in_by_id::text, ''), NEW.handed_in_by_name)
     OR (coalesce(head #>> '{approval,approved_by}', ''), coalesce(head #>> '{approval,manner}', ''),
         head #>> '{approval,approved_on}')
     IS DISTINCT FROM (NEW.approved_by_name, NEW.approved_how::text, NEW.approved_on::text) THEN
    RAISE EXCEPTION 'the head of a paper says who handed it in, when, and who approved' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT public.filings_is_the_plan(NEW.contents, NEW.framework_version_id) THEN
    RAISE EXCEPTION 'a paper holds the plan as it was registered, and answers to its rows'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
-- Whether the plan in a paper is this registered version, word by word, and every answered row is one of its rows.
CREATE FUNCTION public.filings_is_the_plan(paper jsonb, version bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT (paper -> 'framework_number') = coalesce(
      (SELECT to_jsonb(v.number) FROM public.registry_frameworkversion v WHERE v.id = version), '0')
    AND paper -> 'framework' = jsonb_build_object('rows', coalesce((
      SELECT jsonb_agg(jsonb_build_object('uuid', r.uuid, 'parent', r.parent_uuid, 'level', r.level, 'support', r.support,
          'code', r.code, 'statement', r.statement, 'season', r.season, 'indicators', coalesce((
            SELECT jsonb_agg(jsonb_build_object('uuid', i.uuid, 'mark', i.mark, 'statement', i.statement,
              'baseline', i.baseline, 'target', i.target, 'achieve_by', i.achieve_by, 'means', i.means,
              'mid_state', i.mid_state, 'post_state', i.post_state) ORDER BY i.position)
            FROM public.registry_registeredindicator i WHERE i.row_id = r.id), '[]')) ORDER BY r.position)
      FROM public.registry_registeredrow r WHERE r.version_id = version), '[]'))
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(paper -> 'rows') AS one
      WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(paper #> '{framework,rows}') AS planned
        WHERE planned ->> 'uuid' = one ->> 'row'))
$$;
CREATE TRIGGER filings_hold_papers BEFORE INSERT ON filings_filing
  FOR EACH ROW EXECUTE FUNCTION public.filings_filing_is_a_paper();
"""
NO_PAPERS = """
DROP TRIGGER filings_hold_papers ON filings_filing;
DROP FUNCTION public.filings_filing_is_a_paper();
DROP FUNCTION public.filings_is_the_plan(jsonb, bigint);
DROP FUNCTION public.filings_misshapen(jsonb);
DROP FUNCTION public.filings_part_hashes(jsonb);
DROP FUNCTION public.filings_sha256(jsonb);
DROP FUNCTION public.filings_canonical(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("filings", "0021_guards_look_in_public"),
        ("programmes", "0010_revisions_count_once"),
        ("registry", "0021_plansource"),
    ]
    operations = [migrations.RunSQL(CANONICAL + SHAPE + PAPERS, NO_PAPERS)]
