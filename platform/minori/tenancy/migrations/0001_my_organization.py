from django.db import migrations

MAKE = """
CREATE FUNCTION public.my_organization() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN starts_with(current_user::text, current_database() || '_room_')
    THEN substring(current_user::text from length(current_database()) + 7)::bigint
  END
$$;
CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
"""
DROP = "DROP FUNCTION public.my_organization(); DROP FUNCTION public.refuse_change();"


class Migration(migrations.Migration):
    """Who am I, asked by row security; and the refusal shared by all append-only tables."""

    dependencies = []
    operations = [migrations.RunSQL(MAKE, DROP)]
