from django.db import migrations

# In a room its own people speak, now: also where they apply for a change of their plan, answer, withdraw or link one.
SPEAKING = (
    ("registry_changerequest", "answered_at", "answered_by_id", "answered_by_name"),
    ("registry_changerequest", "closed_at", "closed_by_id", "closed_by_name"),
    ("registry_changerevision", "sent_at", "sent_by_id", "sent_by_name"),
    ("registry_changelink", "linked_at", "", "linked_by_name"),
    ("registry_changelink", "removed_at", "", "removed_by_name"),
)


def _speaking(table: str, at: str, by_id: str, by_name: str) -> migrations.RunSQL:
    name = f"rooms_speak_for_themselves_{at}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW"
        " WHEN (public.my_organization() IS NOT NULL)"
        f" EXECUTE FUNCTION public.rooms_speak_for_themselves('{at}', '{by_id}', '{by_name}')",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    """Who and when of a change request is a room's own people, now."""

    dependencies = [("registry", "0022_confirmed_for_good"), ("audit", "0031_common_actions")]
    operations = [_speaking(*one) for one in SPEAKING]
