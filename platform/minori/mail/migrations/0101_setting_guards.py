from django.db import migrations

# What a programme sets is changed version by version, and never taken away: whoever saves over a page that is out of date
# is found by the version, and a version that begins anew would let them through.
GUARDS = """
CREATE FUNCTION mail_setting_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'settings of reminders are changed, not removed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.version <> 1 THEN
      RAISE EXCEPTION 'settings of reminders begin with version 1' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF NEW.version <> OLD.version + 1 OR NEW.programme_id <> OLD.programme_id THEN
    RAISE EXCEPTION 'somebody else changed these settings' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER mail_setting_version BEFORE INSERT OR UPDATE OR DELETE ON mail_laddersetting
  FOR EACH ROW EXECUTE FUNCTION mail_setting_version();
CREATE TRIGGER mail_setting_version BEFORE INSERT OR UPDATE OR DELETE ON mail_owntext
  FOR EACH ROW EXECUTE FUNCTION mail_setting_version();

CREATE FUNCTION mail_ladder_length() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM mail_step WHERE programme_id = NEW.programme_id AND ladder = NEW.ladder) > 30 THEN
    RAISE EXCEPTION 'a ladder has at most 30 steps' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER mail_ladder_length AFTER INSERT OR UPDATE ON mail_step
  FOR EACH ROW EXECUTE FUNCTION mail_ladder_length();
"""
NO_GUARDS = """
DROP TRIGGER mail_ladder_length ON mail_step;
DROP FUNCTION mail_ladder_length();
DROP TRIGGER mail_setting_version ON mail_owntext;
DROP TRIGGER mail_setting_version ON mail_laddersetting;
DROP FUNCTION mail_setting_version();
"""

# Programmes that have their steps get those of the new ladders too, from now on: what has waited for long is not made up for.
NEW_LADDERS = """
INSERT INTO mail_step (programme_id, ladder, key, days, asks_officer, since)
SELECT had.programme_id, new.ladder, new.ladder || '-' || new.days, new.days, false, CURRENT_DATE
FROM (SELECT DISTINCT programme_id FROM mail_step) AS had
CROSS JOIN (VALUES ('approver', 3), ('approver', 7), ('change', 7), ('change', 14), ('invitation', 5), ('invitation', 12))
  AS new (ladder, days)
"""
OLD_LADDERS = "DELETE FROM mail_step WHERE ladder NOT IN ('due', 'return')"


class Migration(migrations.Migration):
    dependencies = [("mail", "0100_ladder_settings")]

    operations = [
        migrations.RunSQL(NEW_LADDERS, OLD_LADDERS),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
