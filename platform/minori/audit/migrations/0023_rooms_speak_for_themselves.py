from django.db import migrations

# In a room everything is said now and by one of its own people, under their name: what an officer said, and when
# something was said, is not for a room to write. Which of its people it was only the application knows. The tolerance
# covers a page that waited for a lock, not a day. An UPDATE is looked at where it changes who, or when.
SPEAKING = """
CREATE FUNCTION public.room_says(at timestamptz, by_id bigint, by_name text) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$
BEGIN
  IF at IS NULL OR at NOT BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp() + interval '10 minutes' THEN
    RAISE EXCEPTION 'a room speaks now, not at %', at USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
      SELECT FROM public.accounts_membership m JOIN public.accounts_person p ON p.id = m.person_id
      WHERE m.organization_id = public.my_organization() AND m.ended_at IS NULL
        AND p.name = by_name AND p.id = coalesce(by_id, p.id)) THEN
    RAISE EXCEPTION 'in a room its own people speak: % (%) is nobody of it', by_name, by_id
      USING ERRCODE = 'restrict_violation';
  END IF;
END
$$;
-- BEFORE INSERT OR UPDATE, for rooms; its arguments are the columns of when, who (may be '': there is none) and the name.
CREATE FUNCTION public.rooms_speak_for_themselves() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  new_ jsonb := to_jsonb(NEW);
  old_ jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
BEGIN
  IF TG_OP = 'UPDATE' AND (new_ -> TG_ARGV[0], new_ -> TG_ARGV[1], new_ -> TG_ARGV[2])
      IS NOT DISTINCT FROM (old_ -> TG_ARGV[0], old_ -> TG_ARGV[1], old_ -> TG_ARGV[2]) THEN
    RETURN NEW;
  END IF;
  IF new_ ->> TG_ARGV[0] IS NULL AND new_ ->> TG_ARGV[1] IS NULL AND coalesce(new_ ->> TG_ARGV[2], '') = '' THEN
    RETURN NEW; -- nothing is said (yet); whether it may be unsaid is another guard's matter
  END IF;
  IF TG_ARGV[1] <> '' AND new_ ->> TG_ARGV[1] IS NULL THEN
    RAISE EXCEPTION 'in a room its own people speak: % is nobody of it', new_ ->> TG_ARGV[2]
      USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM public.room_says(
    (new_ ->> TG_ARGV[0])::timestamptz, (new_ ->> TG_ARGV[1])::bigint, new_ ->> TG_ARGV[2]);
  RETURN NEW;
END
$$;
"""
SILENCE = """
DROP FUNCTION public.rooms_speak_for_themselves();
DROP FUNCTION public.room_says(timestamptz, bigint, text);
"""
EVENTS = """
CREATE TRIGGER rooms_speak_for_themselves BEFORE INSERT ON audit_event
  FOR EACH ROW WHEN (public.my_organization() IS NOT NULL)
  EXECUTE FUNCTION public.rooms_speak_for_themselves('at', 'person_id', 'person_name');
"""
NO_EVENTS = "DROP TRIGGER rooms_speak_for_themselves ON audit_event"


class Migration(migrations.Migration):
    dependencies = [("audit", "0031_common_actions"), ("tenancy", "0001_my_organization")]
    operations = [migrations.RunSQL(SPEAKING, SILENCE), migrations.RunSQL(EVENTS, NO_EVENTS)]
