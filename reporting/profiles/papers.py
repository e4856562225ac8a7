"""What stands below the grants on an organization's profile: comments, files, notes and contacts, in one read."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from minori.accounts.enums import Role
from minori.filings.enums import Side
from minori.organizations.models import Organization
from reporting.reminding.queries import HEARD, WRITERS

SHOWN = 10


@dataclass(frozen=True)
class Comment:
    """What was asked about a report, with how many answers."""

    at: datetime
    deadline: int
    round: str
    grant: str
    anchor: str
    body: str
    by_name: str
    dealt_with: bool
    answered: int


@dataclass(frozen=True)
class File:
    """A file of a revision that counts."""

    deadline: int
    round: str
    revision: int
    uuid: str
    filename: str
    caption: str


@dataclass(frozen=True)
class Note:
    """A private note beside a report."""

    at: datetime
    deadline: int
    round: str
    body: str
    by_name: str


@dataclass(frozen=True)
class Contact:
    """Somebody with a role in the organization today; `heard`: mails reach them and they write."""

    name: str
    role: str
    email: str
    phone: str
    heard: bool


@dataclass(frozen=True)
class Newest:
    """The newest of some papers, how many there are in all, and of comments how many are open."""

    items: Sequence[Any]
    count: int
    open: int = 0


@dataclass(frozen=True)
class Papers:
    """What stands below the grants: of comments, files and notes the newest."""

    comments: Newest
    files: Newest
    notes: Newest
    contacts: Sequence[Contact]
    invited: int

    @property
    def unheard(self) -> bool:
        """Whether there is no active editor or approver whom mails reach."""
        return not any(one.heard for one in self.contacts)


_PAPERS = f"""
    WITH d AS (
        SELECT d.id, d.current_filing_id, r.title AS round, g.title AS grant
        FROM programmes_deadline d JOIN programmes_round r ON r.id = d.round_id JOIN programmes_grant g ON g.id = d.grant_id
        WHERE d.grant_id = ANY(%(grants)s)
    ), c AS MATERIALIZED (
        SELECT c.*, d.round, d.grant FROM filings_comment c JOIN d ON d.id = c.deadline_id
        WHERE c.answers_id IS NULL AND c.side = %(desk)s
    ), f AS MATERIALIZED (
        SELECT a.*, p.revision, p.handed_in_at, d.id AS deadline_id, d.round
        FROM filings_filedattachment a JOIN filings_filing p ON p.id = a.filing_id JOIN d ON d.current_filing_id = p.id
    ), n AS MATERIALIZED (
        SELECT n.*, d.round FROM review_note n JOIN d ON d.id = n.deadline_id
    )
    SELECT json_build_object(
        'comments', (SELECT json_agg(json_build_array(at, deadline_id, round, "grant", anchor, body, by_name,
                dealt_with_at IS NOT NULL, (SELECT count(*) FROM filings_comment a WHERE a.answers_id = k.id)
                ) ORDER BY at DESC, id DESC)
            FROM (SELECT * FROM c ORDER BY at DESC, id DESC LIMIT %(most)s) k),
        'comment_count', (SELECT count(*) FROM c),
        'comments_open', (SELECT count(*) FROM c WHERE dealt_with_at IS NULL),
        'files', (SELECT json_agg(json_build_array(deadline_id, round, revision, uuid, filename, caption)
                ORDER BY handed_in_at DESC, position, id)
            FROM (SELECT * FROM f ORDER BY handed_in_at DESC, position, id LIMIT %(most)s) k),
        'file_count', (SELECT count(*) FROM f),
        'notes', (SELECT json_agg(json_build_array(at, deadline_id, round, body, by_name) ORDER BY at DESC, id DESC)
            FROM (SELECT * FROM n ORDER BY at DESC, id DESC LIMIT %(most)s) k),
        'note_count', (SELECT count(*) FROM n),
        'contacts', (SELECT json_agg(json_build_array(p.name, m.role, p.email, p.phone, {HEARD})
                ORDER BY p.name_kana, p.name, m.id)
            FROM accounts_membership m
            JOIN accounts_person p ON p.id = m.person_id LEFT JOIN accounts_user u ON u.id = p.user_id
            WHERE m.organization_id = %(organization)s AND m.ended_at IS NULL),
        'invited', (SELECT count(*) FROM accounts_invitation i
            WHERE i.organization_id = %(organization)s AND i.accepted_at IS NULL AND i.revoked_at IS NULL)
    )::text"""  # noqa: S608 - only a fragment of ours is put in


def of(organization: Organization, grant_ids: Collection[int]) -> Papers:
    """What was asked, attached and noted about these grants' reports, and who works in the organization: one read."""
    given: dict[str, Any] = {
        "organization": organization.pk,
        "grants": list(grant_ids),
        "desk": str(Side.DESK),
        "most": SHOWN,
        **WRITERS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAPERS, given)
        (text,) = cursor.fetchone() or ("{}",)
    found = json.loads(text)
    return Papers(
        comments=Newest(
            [_comment(*one) for one in found["comments"] or ()],
            found["comment_count"],
            found["comments_open"],
        ),
        files=Newest([File(*one) for one in found["files"] or ()], found["file_count"]),
        notes=Newest([_note(*one) for one in found["notes"] or ()], found["note_count"]),
        contacts=[
            Contact(name, str(Role(role).label), *rest) for name, role, *rest in found["contacts"] or ()
        ],
        invited=found["invited"],
    )


def _comment(at: str, *facts: Any) -> Comment:
    return Comment(datetime.fromisoformat(at), *facts)


def _note(at: str, *facts: Any) -> Note:
    return Note(datetime.fromisoformat(at), *facts)
