"""Copies of what was filed on behalf: to the address it came from, with the paper enclosed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from minori.accounts.models import Membership, Person
from minori.documents.downloads import name_of, photos_of
from minori.documents.pdf import pdf_of
from minori.documents.summary import summary_of as summary_of_contents
from minori.filings import files
from minori.filings.behalf import OnBehalf
from minori.filings.models import Filing
from minori.mail import outbox, queries, rendering, workbook_letters
from minori.mail.enums import Kind
from minori.mail.late import late_words
from minori.programmes import labels
from minori.report_forms.contents import Contents
from minori.report_forms.edition import Edition

NAME = "copies"
"""Under this name the sweeps' log keeps when they were last planned."""

LOOKS_BACK = timedelta(days=3)


def plan(*, at: datetime) -> int:
    """Write the copy of every filing on behalf of the last days to whoever sent it, once each. Holds the planners' lock.

    Where the store of photos is away the copy waits for the next run. Returns how many were written.
    """
    with transaction.atomic():
        queries.lock_planning()
        recent = OnBehalf.objects.filter(filed_at__gte=at - LOOKS_BACK).exclude(sender_address="")
        known = queries.known_keys(_key(one) for one in recent.order_by("pk"))
        posts = []
        for one in recent.select_related("filing").order_by("pk"):
            if _key(one) not in known:
                try:
                    posts.append(_post(one))
                except files.Unavailable:
                    continue
        outbox.put(posts, kind=Kind.NOTICE, at=at)
    return len(posts)


def summary_of(filing_id: int | None) -> Sequence[tuple[str, str]]:
    """What a filing says in short, in the active language."""
    filing = (
        Filing.objects.filter(pk=filing_id or 0)
        .select_related("deadline__grant__programme__distributor")
        .first()
    )
    if filing is None:
        return ()
    contents, edition = _read(filing)
    return summary_of_contents(contents, edition=edition, language=translation.get_language() or "ja")


def _key(one: OnBehalf) -> str:
    return f"copy:{one.filing_id}"


def _read(filing: Filing) -> tuple[Contents, Edition]:
    contents = Contents.from_json(filing.contents)
    distributor = filing.deadline.grant.programme.distributor
    return contents, labels.edition_of(distributor, contents.edition, contents.edition_version)


def _language_of(organization_id: int, officer: Person) -> str:
    """What somebody unknown who wrote for an organization probably reads: as its people do, else as its officer does."""
    colleagues = Membership.objects.active().filter(organization=organization_id).order_by("pk")
    found = colleagues.values_list("person__language", flat=True).first()
    return found or officer.language


def _post(one: OnBehalf) -> outbox.Post:
    filing = one.filing
    deadline = rendering.deadlines([filing.deadline_id])[filing.deadline_id]
    filing.deadline = deadline
    contents, edition = _read(filing)
    member = Person.objects.filter(
        email__iexact=one.sender_address, memberships__organization=one.organization_id
    )
    known = member.order_by("pk").first()
    language = known.language if known else _language_of(one.organization_id, deadline.grant.lead_officer)
    reader = Person(name=one.sender_name, email=one.sender_address, language=language)
    pdf = pdf_of(
        contents,
        edition=edition,
        language=language,
        photos=photos_of(one.organization_id, contents.attachments),
        filed_hash=filing.hash,
    )
    with translation.override(language):
        name = name_of(
            contents.head.project_title,
            contents.head.round_title,
            _("revision-%(revision)s") % {"revision": filing.revision},
        )
        letter = workbook_letters.copy(
            deadline,
            one,
            revision=filing.revision,
            days_late=late_words(filing.days_late),
            summary=summary_of_contents(contents, edition=edition, language=language),
            reader=reader,
        )
    enclosed = outbox.Enclosed(filename=name, content_type="application/pdf", data=pdf)
    return outbox.Post(
        key=_key(one),
        person=reader,
        letter=letter,
        reply_to=deadline.grant.lead_officer.email,
        files=[enclosed],
    )
