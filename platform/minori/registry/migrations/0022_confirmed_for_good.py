from django.db import migrations

# A plan is confirmed once, by one of the organization's people and now; what was registered stays as it was registered.
# A proposal is shaped like a plan, is made now, and is settled once: also when is not rewritten.
GUARD = """
CREATE FUNCTION public.registry_version_keeps() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  confirmed text[] := ARRAY['confirmed_at', 'confirmed_by_id', 'confirmed_by_name'];
BEGIN
  IF OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at, NEW.confirmed_by_id, NEW.confirmed_by_name)
      IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by_id, OLD.confirmed_by_name) THEN
    RAISE EXCEPTION 'a plan that was confirmed stays confirmed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF public.my_organization() IS NOT NULL AND (NEW.confirmed_at IS NULL
      OR to_jsonb(NEW) - confirmed IS DISTINCT FROM to_jsonb(OLD) - confirmed) THEN
    RAISE EXCEPTION 'a room confirms a plan, nothing else' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER versions_stay_confirmed BEFORE UPDATE ON registry_frameworkversion
  FOR EACH ROW EXECUTE FUNCTION public.registry_version_keeps();
CREATE TRIGGER rooms_confirm_for_themselves BEFORE UPDATE ON registry_frameworkversion
  FOR EACH ROW WHEN (public.my_organization() IS NOT NULL)
  EXECUTE FUNCTION public.rooms_speak_for_themselves('confirmed_at', 'confirmed_by_id', 'confirmed_by_name');

CREATE FUNCTION public.registry_proposal_keeps() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  decided text[] := ARRAY['state', 'decided_at', 'decided_by_id', 'decided_by_name', 'decision_remark', 'version_id'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF jsonb_typeof(NEW.contents -> 'rows') IS DISTINCT FROM 'array' OR EXISTS (
        SELECT FROM jsonb_array_elements(NEW.contents -> 'rows') AS one
        WHERE jsonb_typeof(one -> 'uuid') IS DISTINCT FROM 'string' OR jsonb_typeof(one -> 'statement') IS DISTINCT FROM 'string'
          OR jsonb_typeof(one -> 'indicators') IS DISTINCT FROM 'array') THEN
      RAISE EXCEPTION 'what is proposed is a plan' USING ERRCODE = 'restrict_violation';
    END IF;
    IF public.my_organization() IS NOT NULL
       AND (NEW.decided_by_id, NEW.decided_by_name, NEW.decision_remark) IS DISTINCT FROM (NULL::bigint, '', '') THEN
      RAISE EXCEPTION 'a proposal comes undecided' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - decided IS DISTINCT FROM to_jsonb(OLD) - decided THEN
    RAISE EXCEPTION 'a proposal stays as it was proposed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'waiting' AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'a proposal is decided once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER proposals_stay BEFORE INSERT OR UPDATE OR DELETE ON registry_proposal
  FOR EACH ROW EXECUTE FUNCTION public.registry_proposal_keeps();
CREATE TRIGGER rooms_propose_for_themselves BEFORE INSERT OR UPDATE ON registry_proposal
  FOR EACH ROW WHEN (public.my_organization() IS NOT NULL)
  EXECUTE FUNCTION public.rooms_speak_for_themselves('proposed_at', 'proposed_by_id', 'proposed_by_name');
CREATE TRIGGER rooms_withdraw_for_themselves BEFORE INSERT OR UPDATE ON registry_proposal
  FOR EACH ROW WHEN (public.my_organization() IS NOT NULL)
  EXECUTE FUNCTION public.rooms_speak_for_themselves('decided_at', 'decided_by_id', 'decided_by_name');
"""
DROP = """
DROP TRIGGER rooms_withdraw_for_themselves ON registry_proposal;
DROP TRIGGER rooms_propose_for_themselves ON registry_proposal;
DROP TRIGGER proposals_stay ON registry_proposal;
DROP FUNCTION public.registry_proposal_keeps();
DROP TRIGGER rooms_confirm_for_themselves ON registry_frameworkversion;
DROP TRIGGER versions_stay_confirmed ON registry_frameworkversion;
DROP FUNCTION public.registry_version_keeps();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0031_change_guards"), ("audit", "0023_rooms_speak_for_themselves")]
    operations = [migrations.RunSQL(GUARD, DROP)]
