from django.db import migrations

# Foreign keys ignore row security: each table stays with the organization of what it is about.
TIES = (
    ("registry_changerequest", "grant_id", "programmes_grant", "a_change_request_is_of_its_grants_organization"),
    ("registry_changerequest", "version_id", "registry_frameworkversion", "a_requests_version_is_of_its_organization"),
    ("registry_changerevision", "request_id", "registry_changerequest", "a_change_revision_is_of_its_requests_org"),
    ("registry_changerevision", "base_id", "registry_frameworkversion", "a_change_revisions_base_is_of_its_org"),
    ("registry_change", "revision_id", "registry_changerevision", "a_change_is_of_its_revisions_organization"),
    ("registry_succession", "version_id", "registry_frameworkversion", "a_succession_is_of_its_versions_organization"),
    ("registry_changelink", "request_id", "registry_changerequest", "a_change_link_is_of_its_requests_organization"),
    ("registry_changelink", "deadline_id", "programmes_deadline", "a_change_link_is_of_its_deadlines_organization"),
)

# Who may take which step. Whoever applied withdraws; the organization answers what the officer proposes; only the desk
# sends back and decides. A request is answered or decided once every one of its changes is; an approved change of a
# short-term outcome needs the agreement of the distributor's funder.
REQUESTS = """
CREATE FUNCTION registry_changerequest_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  by_room boolean := public.my_organization() IS NOT NULL;
  moving text[] := ARRAY['state', 'last_revision', 'answered_at', 'answered_by_id', 'answered_by_name', 'closed_at',
    'closed_by_id', 'closed_by_name', 'words', 'effective_from_round', 'funder_agreed_on', 'funder_agreed_by',
    'funder_note', 'version_id'];
  answering text[] := ARRAY['answered_at', 'answered_by_id', 'answered_by_name'];
  closing text[] := ARRAY['closed_at', 'closed_by_id', 'closed_by_name'];
  deciding text[] := ARRAY['words', 'effective_from_round', 'funder_agreed_on', 'funder_agreed_by', 'funder_note',
    'version_id'];
  step text;
  may text[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a change request stays in the history' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'waiting' OR NEW.last_revision <> 1 OR by_room IS DISTINCT FROM (NEW.party = 'room') THEN
      RAISE EXCEPTION 'a change request begins as sent by whoever applies' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - moving IS DISTINCT FROM to_jsonb(OLD) - moving THEN
    RAISE EXCEPTION 'a change request stays what it was' USING ERRCODE = 'restrict_violation';
  END IF;
  step := OLD.party || ': ' || OLD.state || ' -> ' || NEW.state;
  may := CASE
    WHEN step = 'desk: waiting -> answered' AND by_room THEN ARRAY['state'] || answering
    WHEN step = 'room: returned -> waiting' AND by_room THEN ARRAY['state', 'last_revision']
    WHEN step IN ('room: waiting -> withdrawn', 'room: returned -> withdrawn') AND by_room THEN ARRAY['state'] || closing
    WHEN step IN ('desk: waiting -> withdrawn', 'desk: answered -> withdrawn') AND NOT by_room THEN ARRAY['state'] || closing
    WHEN step = 'room: waiting -> returned' AND NOT by_room THEN ARRAY['state']
    WHEN step IN ('room: waiting -> decided', 'desk: answered -> decided') AND NOT by_room
      THEN ARRAY['state'] || closing || deciding
    WHEN NEW IS NOT DISTINCT FROM OLD THEN ARRAY[]::text[]
  END;
  IF may IS NULL OR to_jsonb(NEW) - may IS DISTINCT FROM to_jsonb(OLD) - may THEN
    RAISE EXCEPTION 'a change request does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF step = 'room: returned -> waiting' AND (NEW.last_revision <> OLD.last_revision + 1 OR NOT EXISTS (
      SELECT FROM public.registry_changerevision r WHERE r.request_id = NEW.id AND r.number = NEW.last_revision)) THEN
    RAISE EXCEPTION 'a change request comes again as its next revision' USING ERRCODE = 'restrict_violation';
  END IF;
  IF step = 'room: waiting -> returned' AND NOT EXISTS (SELECT FROM public.registry_changerevision r
      WHERE r.request_id = NEW.id AND r.number = NEW.last_revision AND r.returned_at IS NOT NULL) THEN
    RAISE EXCEPTION 'sending a change request back says why' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'answered' AND OLD.state <> 'answered' AND EXISTS (
      SELECT FROM public.registry_change c JOIN public.registry_changerevision r ON r.id = c.revision_id
      WHERE r.request_id = NEW.id AND r.number = NEW.last_revision AND c.answer = '') THEN
    RAISE EXCEPTION 'every change is answered' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'decided' AND OLD.state <> 'decided' THEN
    PERFORM public.registry_must_be_decided(NEW);
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION registry_must_be_decided(request public.registry_changerequest) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  undecided integer;
  approved integer;
  outcomes integer;
BEGIN
  SELECT count(*) FILTER (WHERE c.verdict = ''), count(*) FILTER (WHERE c.verdict = 'approved'),
    count(*) FILTER (WHERE c.verdict = 'approved' AND c.concerns_outcome)
  INTO undecided, approved, outcomes
  FROM public.registry_change c JOIN public.registry_changerevision r ON r.id = c.revision_id
  WHERE r.request_id = request.id AND r.number = request.last_revision;
  IF undecided > 0 THEN
    RAISE EXCEPTION 'every change is decided' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (approved > 0) IS DISTINCT FROM (request.version_id IS NOT NULL) THEN
    RAISE EXCEPTION 'approved changes make a version, and nothing else does' USING ERRCODE = 'restrict_violation';
  END IF;
  IF outcomes > 0 AND request.funder_agreed_on IS NULL THEN
    RAISE EXCEPTION 'a change of short-term outcomes needs the agreement of the funder' USING ERRCODE = 'restrict_violation';
  END IF;
  IF request.version_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.registry_frameworkversion v
      WHERE v.id = request.version_id AND v.grant_id = request.grant_id
      AND v.effective_from_round = request.effective_from_round) THEN
    RAISE EXCEPTION 'the version is of the grant, from the round that was decided' USING ERRCODE = 'restrict_violation';
  END IF;
END
$$;
CREATE TRIGGER change_requests_go_by_their_steps BEFORE INSERT OR UPDATE OR DELETE ON registry_changerequest
  FOR EACH ROW EXECUTE FUNCTION registry_changerequest_step();
"""
NO_REQUESTS = """
DROP TRIGGER change_requests_go_by_their_steps ON registry_changerequest;
DROP FUNCTION registry_changerequest_step();
DROP FUNCTION registry_must_be_decided(public.registry_changerequest);
"""

# A revision comes with its request or as the next one after re-work, sent by whoever applies; it is sent back once.
REVISIONS = """
CREATE FUNCTION registry_changerevision_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  by_room boolean := public.my_organization() IS NOT NULL;
  settled text[] := ARRAY['returned_at', 'returned_by_id', 'returned_by_name', 'returned_words'];
  request record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was sent stays' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO request FROM public.registry_changerequest q WHERE q.id = NEW.request_id;
  IF TG_OP = 'INSERT' THEN
    IF by_room IS DISTINCT FROM (request.party = 'room') OR NEW.returned_at IS NOT NULL OR NOT (
        request.state = 'waiting' AND NEW.number = 1 AND request.last_revision = 1
        OR request.state = 'returned' AND NEW.number = request.last_revision + 1) THEN
      RAISE EXCEPTION 'a revision is sent with its request, or after re-work' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM public.registry_frameworkversion v WHERE v.id = NEW.base_id
        AND v.grant_id = request.grant_id) THEN
      RAISE EXCEPTION 'a change is one of the plan of its grant' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - settled IS DISTINCT FROM to_jsonb(OLD) - settled OR OLD.returned_at IS NOT NULL
     OR by_room OR request.state <> 'waiting' OR NEW.number <> request.last_revision THEN
    RAISE EXCEPTION 'what was sent stays, and is sent back once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER change_revisions_stay BEFORE INSERT OR UPDATE OR DELETE ON registry_changerevision
  FOR EACH ROW EXECUTE FUNCTION registry_changerevision_step();
"""
NO_REVISIONS = """
DROP TRIGGER change_revisions_stay ON registry_changerevision;
DROP FUNCTION registry_changerevision_step();
"""

# The changes of a revision are those it was sent with. The organization answers once, the desk decides once.
CHANGES = """
CREATE FUNCTION registry_change_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  by_room boolean := public.my_organization() IS NOT NULL;
  said text[] := CASE WHEN by_room THEN ARRAY['answer', 'answer_word'] ELSE ARRAY['verdict', 'word', 'cut'] END;
  request record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was sent stays' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT q.party, q.state, q.last_revision, r.number, r.size INTO request
  FROM public.registry_changerevision r JOIN public.registry_changerequest q ON q.id = r.request_id
  WHERE r.id = NEW.revision_id;
  IF TG_OP = 'INSERT' THEN
    IF by_room IS DISTINCT FROM (request.party = 'room') OR NEW.position NOT BETWEEN 1 AND request.size
       OR NEW.answer <> '' OR NEW.verdict <> '' OR NEW.word <> '' OR NEW.answer_word <> '' OR NEW.cut THEN
      RAISE EXCEPTION 'the changes of a revision are those it was sent with' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - said IS DISTINCT FROM to_jsonb(OLD) - said OR request.number <> request.last_revision
     OR by_room AND NOT (request.party = 'desk' AND request.state = 'waiting' AND OLD.answer = '')
     OR NOT by_room AND NOT (OLD.verdict = '' AND (request.party = 'room' AND request.state = 'waiting'
                                                  OR request.party = 'desk' AND request.state = 'answered')) THEN
    RAISE EXCEPTION 'the organization answers once, the desk decides once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT by_room AND NEW.verdict = 'approved' AND OLD.answer = 'declined' THEN
    RAISE EXCEPTION 'what the organization declined is not approved' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER changes_are_decided_once BEFORE INSERT OR UPDATE OR DELETE ON registry_change
  FOR EACH ROW EXECUTE FUNCTION registry_change_step();
"""
NO_CHANGES = """
DROP TRIGGER changes_are_decided_once ON registry_change;
DROP FUNCTION registry_change_step();
"""

# A link stays in the history: it is taken away once. It ties a report to a request of the same grant.
LINKS = """
CREATE FUNCTION registry_changelink_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  removing text[] := ARRAY['removed_at', 'removed_by_name'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a link stays in the history' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.removed_at IS NOT NULL OR NOT EXISTS (SELECT FROM public.registry_changerequest q
        JOIN public.programmes_deadline d ON d.grant_id = q.grant_id
        WHERE q.id = NEW.request_id AND d.id = NEW.deadline_id) THEN
      RAISE EXCEPTION 'a report is linked with a change request of its grant' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - removing IS DISTINCT FROM to_jsonb(OLD) - removing OR OLD.removed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a link is taken away once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER change_links_stay BEFORE INSERT OR UPDATE OR DELETE ON registry_changelink
  FOR EACH ROW EXECUTE FUNCTION registry_changelink_step();
CREATE TRIGGER successions_are_never_changed BEFORE UPDATE OR DELETE ON registry_succession
  FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
"""
NO_LINKS = """
DROP TRIGGER successions_are_never_changed ON registry_succession;
DROP TRIGGER change_links_stay ON registry_changelink;
DROP FUNCTION registry_changelink_step();
"""


class Migration(migrations.Migration):
    """Change requests go by their steps, and what was said in them stays."""

    dependencies = [("registry", "0030_change_requests")]
    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({key}, organization_id)"
                f" REFERENCES {parent} (id, organization_id) DEFERRABLE INITIALLY DEFERRED",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, key, parent, name in TIES
        ),
        migrations.RunSQL(REQUESTS, NO_REQUESTS),
        migrations.RunSQL(REVISIONS, NO_REVISIONS),
        migrations.RunSQL(CHANGES, NO_CHANGES),
        migrations.RunSQL(LINKS, NO_LINKS),
    ]
