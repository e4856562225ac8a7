"""What a room may do with each public table: the one list, from which grants and row security are made.

A table that is not listed here is closed to rooms, and a test refuses it (`tests/architecture`).
"""

from dataclasses import dataclass

OWN = "organization_id = public.my_organization()"


@dataclass(frozen=True)
class Room:
    """A room's rights on one public table. Conditions are SQL over the table's columns.

    `read`: which rows it sees; `insert`: which rows it may add; `update`: which columns of the rows it sees
    it may change (the row security of `read` applies, and the new row must satisfy `insert` or `read`).
    """

    read: str | None = None
    insert: str | None = None
    update: tuple[str, ...] = ()
    why: str = ""


CLOSED = Room()


def own(why: str, *, insert: bool = False, update: tuple[str, ...] = ()) -> Room:
    """Rights on rows that carry the room's own `organization_id`."""
    return Room(read=OWN, insert=OWN if insert else None, update=update, why=why)


# Under row security a room finds its own papers only: an event about another's is no event of its own.
ABOUT_ITS_OWN = " AND ".join(
    f"({key} IS NULL OR EXISTS (SELECT FROM public.{table} one WHERE one.id = audit_event.{key}))"
    for key, table in (
        ("grant_id", "programmes_grant"),
        ("deadline_id", "programmes_deadline"),
        ("filing_id", "filings_filing"),
    )
)

A_GRANT_OF_OURS = "EXISTS (SELECT FROM public.programmes_grant g WHERE g.programme_id = {key})"

ROOM_ACCESS: dict[str, Room] = {
    # people
    "accounts_user": CLOSED,
    "accounts_person": Room(
        read=(
            "EXISTS (SELECT FROM public.accounts_membership m WHERE m.person_id = accounts_person.id)"
            " OR EXISTS (SELECT FROM public.programmes_grant g"
            " WHERE accounts_person.id IN (g.lead_officer_id, g.deputy_officer_id))"
        ),
        why="its own people, and the officers to ask",
    ),
    "accounts_membership": own("who works here"),
    "accounts_staffmembership": CLOSED,
    "accounts_invitation": CLOSED,
    "accounts_attempts": CLOSED,
    # organizations and programmes
    "organizations_organization": Room(read="id = public.my_organization()", why="itself"),
    "organizations_domain": CLOSED,
    "programmes_distributor": Room(
        read=(
            "EXISTS (SELECT FROM public.programmes_programme p JOIN public.programmes_grant g"
            " ON g.programme_id = p.id WHERE p.distributor_id = programmes_distributor.id)"
        ),
        why="who funds it",
    ),
    "programmes_programme": Room(
        read=A_GRANT_OF_OURS.format(key="programmes_programme.id"), why="the programmes it is funded by"
    ),
    "programmes_holidaylist": CLOSED,
    "programmes_holiday": CLOSED,
    "programmes_round": Room(
        read=A_GRANT_OF_OURS.format(key="programmes_round.programme_id"), why="what is to be reported when"
    ),
    "programmes_pinnededition": CLOSED,
    "programmes_grant": own("its grants"),
    "programmes_deadline": own(
        "its deadlines; the trigger lets a room hand in and recall, nothing else",
        update=("state", "current_filing_id", "first_handed_in_at", "days_late", "reading_began_at"),
    ),
    "programmes_extensionrequest": Room(
        read=OWN,
        insert=f"{OWN} AND state = 'open' AND answer = ''",
        update=("state", "settled_at", "settled_by_id", "settled_by_name"),
        why="more time it asks for, and may stop asking for",
    ),
    # the hatch
    "registry_frameworkversion": own(
        "its registered plans, which it confirms",
        update=("confirmed_at", "confirmed_by_id", "confirmed_by_name"),
    ),
    "registry_registeredrow": own("rows of its registered plans"),
    "registry_registeredindicator": own("indicators of its registered plans"),
    "registry_outcomelink": own("which of its outputs serve which outcomes"),
    "registry_plansource": own("what its contracted plans said to the letter"),
    "registry_proposal": Room(
        read=OWN,
        insert=f"{OWN} AND state = 'waiting' AND version_id IS NULL AND decided_at IS NULL",
        update=("state", "decided_at", "decided_by_id", "decided_by_name"),
        why="plans it proposes",
    ),
    "registry_changerequest": Room(
        read=OWN,
        insert=f"{OWN} AND party = 'room' AND state = 'waiting' AND version_id IS NULL",
        update=(
            "state",
            "last_revision",
            "answered_at",
            "answered_by_id",
            "answered_by_name",
            "closed_at",
            "closed_by_id",
            "closed_by_name",
        ),
        why="changes of its plans that it applies for, withdraws, or answers; a trigger guards the steps",
    ),
    "registry_changerevision": own("what it applied for, as it was sent", insert=True),
    "registry_change": Room(
        read=OWN,
        insert=f"{OWN} AND answer = '' AND verdict = ''",
        update=("answer", "answer_word"),
        why="the single changes with their reasons; it answers those that the officer proposes",
    ),
    "registry_succession": own("where figures of its indicators are not joined"),
    "registry_changelink": own(
        "which change request a report's change boxes are about",
        insert=True,
        update=("removed_at", "removed_by_name"),
    ),
    "filings_filing": own("what it handed in", insert=True),
    "filings_onbehalf": own("what its officer filed on its behalf, and the original it sent"),
    "filings_figure": own("the lines of what it handed in", insert=True),
    "filings_reading": Room(
        read=OWN,
        insert=f"{OWN} AND side = 'room' AND figure_id IS NOT NULL AND replaces_id IS NULL",
        why="what its figures were confirmed to mean; it says so itself only as it hands in (a trigger)",
    ),
    "filings_filedattachment": own("what it attached", insert=True),
    "filings_comment": Room(
        read=OWN,
        insert=f"{OWN} AND side = 'room'",
        update=("dealt_with_at", "dealt_with_by_name"),
        why="what was asked, and its answers",
    ),
    "filings_openpart": Room(
        read=OWN,
        insert=f"{OWN} AND side = 'room'",
        why="which parts of a returned report are open; it opens another one with a reason",
    ),
    "filings_consultation": own(
        "drafts it shows to consult, and may stop showing",
        insert=True,
        update=("withdrawn_at", "withdrawn_by_name"),
    ),
    "filings_consultationremark": Room(
        read=OWN, insert=f"{OWN} AND side = 'room'", why="what was said about them"
    ),
    "filings_correction": own(
        "small corrections that an officer proposes; it takes or declines them",
        update=("state", "word", "settled_at", "settled_by_id", "settled_by_name", "taken_in_id"),
    ),
    "audit_event": Room(
        read=OWN,
        insert=(
            f"{OWN} AND {ABOUT_ITS_OWN} AND NOT details ? 'on_behalf'"
            " AND action IN ('handed_in', 'handed_in_again', 'recalled', 'answered', 'part_opened',"
            " 'correction_taken', 'correction_declined',"
            " 'approval_asked', 'extension_asked', 'extension_withdrawn', 'consulted', 'consultation_asked',"
            " 'consultation_withdrawn', 'plan_proposed', 'plan_withdrawn', 'plan_confirmed',"
            " 'change_sent', 'change_sent_again', 'change_answered', 'change_withdrawn')"
        ),
        why="its own steps; those of the desk are recorded by the desk",
    ),
    # the desk's own, and the machinery
    "django_migrations": CLOSED,
    "django_content_type": CLOSED,
    "django_session": CLOSED,
    "auth_permission": CLOSED,
    "auth_group": CLOSED,
    "auth_group_permissions": CLOSED,
    "account_emailaddress": CLOSED,
    "account_emailconfirmation": CLOSED,
    "calendars_feed": CLOSED,
    "mail_message": CLOSED,
    "mail_flaggedaddress": Room(
        read=(
            "cleared_at IS NULL AND EXISTS (SELECT FROM public.accounts_person p"
            " WHERE lower(p.email) = mail_flaggedaddress.address)"
        ),
        why="whose mails do not arrive, of the people it sees",
    ),
    "mail_returnedmail": CLOSED,
    "mail_ledgerentry": CLOSED,
    "mail_step": CLOSED,
    "mail_laddersetting": CLOSED,
    "mail_owntext": CLOSED,
    "mail_waitingstep": CLOSED,
    "mail_digest": CLOSED,
    "mail_sweep": CLOSED,
    "mail_pace": CLOSED,
    "mail_enclosure": CLOSED,
    "profiles_talk": CLOSED,
    "reading_passage": CLOSED,
    "reading_takenin": CLOSED,
    "reading_toask": CLOSED,
    "review_note": CLOSED,
    "review_returnedworkbook": CLOSED,
    "review_sentfile": CLOSED,
    "remarks_remark": CLOSED,
    "remarks_remarkrevision": CLOSED,
    "common_commonindicator": CLOSED,
    "common_mappedindicator": CLOSED,
    "own_rowlink": CLOSED,
    "setup_preparedplan": CLOSED,
    "setup_planfile": CLOSED,
    "setup_foundplan": CLOSED,
    "signals_signallimits": CLOSED,
    "signals_setaside": CLOSED,
    "exports_export": CLOSED,
    "exports_exportpart": CLOSED,
    "summaries_summary": CLOSED,
    "summaries_tally": CLOSED,
    "summaries_inputcount": CLOSED,
    "summaries_grantline": CLOSED,
    "summaries_grantnumbers": CLOSED,
}


def as_markdown() -> str:
    """The list as the table of docs/room-access.md: `python -m minori.tenancy.access > docs/room-access.md`."""
    lines = [
        "# What a room may do with each public table",
        "",
        "Made from `minori/tenancy/access.py`; a test compares. Rows are always the organization's own.",
        "",
        "| Table | A room may | Why |",
        "|---|---|---|",
    ]
    for table, room in sorted(ROOM_ACCESS.items()):
        rights = [word for word, right in (("read", room.read), ("add", room.insert)) if right]
        rights += [f"change {', '.join(room.update)}"] if room.update else []
        lines.append(f"| `{table}` | {'; '.join(rights) or 'nothing'} | {room.why} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(as_markdown())
