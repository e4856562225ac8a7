"""The workbook of a report for an organization that only speaks e-mail: made of what stands now, and sent by mail."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from minori.accounts.models import Membership, Person
from minori.audit.enums import Action
from minori.audit.models import Event
from minori.audit.trail import Actor
from minori.documents.answerbook.guide import Guide
from minori.documents.answerbook.keys import Keys
from minori.documents.answerbook.layout import Asked, Everything
from minori.documents.answerbook.writing import workbook_of
from minori.documents.downloads import name_of
from minori.filings import closing, parts
from minori.filings.behalf import OnBehalf
from minori.filings.enums import Side
from minori.filings.heads import head_of
from minori.filings.models import Comment
from minori.filings.stepping import NotPossibleNow, lock, step
from minori.mail import outbox, workbook_letters
from minori.mail.enums import Kind
from minori.marks import gapped
from minori.programmes import labels
from minori.programmes.enums import DeadlineState, Standing
from minori.programmes.models import Deadline
from minori.registry import frameworks
from minori.registry.models import FrameworkVersion
from minori.report_forms.contents import Contents, compose
from minori.report_forms.parts import WHOLE
from minori.report_forms.texts import clean
from minori.ui.templatetags.ui_tags import day_full
from reporting.review import queries

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REFUSALS = {
    Standing.NOT_OPEN: gettext_lazy("This report is not open yet."),
    Standing.HANDED_IN: gettext_lazy(
        "This report has been handed in already: nothing can be filed on behalf now."
    ),
    Standing.ACCEPTED: gettext_lazy(
        "This report has been accepted: nothing can be filed on behalf any more."
    ),
    Standing.WAIVED: gettext_lazy("No report is required here."),
}


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a report stands on now: the version of the plan, and what its workbook is made of."""

    version: FrameworkVersion
    asked: Asked


def refusal(deadline: Deadline, *, today: date) -> str:
    """Why nothing can be filed on behalf of the organization now; "" where it can. `today`: the distributor's date."""
    standing = deadline.standing(today)
    if standing in _REFUSALS:
        return str(_REFUSALS[standing])
    if frameworks.version_for(deadline) is None:
        return _("No plan is registered yet: a report is handed in against one.")
    return ""


def ground_of(deadline: Deadline, *, language: str) -> Ground:
    """The ground of a report that is open or was sent back. Raises `NotPossibleNow` without a plan."""
    version = frameworks.version_for(deadline)
    if version is None:
        raise NotPossibleNow(_("No plan is registered yet: a report is handed in against one."))
    framework = frameworks.read(version)
    edition = labels.edition_of(
        deadline.grant.programme.distributor, deadline.round.edition, deadline.round.edition_version
    )
    base = _returned(deadline)
    filled = compose(
        edition=edition,
        head=head_of(deadline, edition),
        framework_number=version.number,
        framework=framework,
        rows=base.rows if base else (),
        answers=base.answers if base else {},
        attachments=base.attachments if base else (),
    )
    opened = parts.opened_of(deadline)
    before = queries.previous_round(deadline)
    keys = Keys(
        grant=deadline.grant.code,
        round=deadline.round.number,
        framework=version.number,
        edition=edition.key,
        edition_version=edition.version,
        revision=base.head.revision if base else 0,
        language=language,
    )
    asked = Asked(
        keys=keys,
        edition=edition,
        filled=filled,
        previous=Contents.from_json(before.contents) if before else None,
        opened=Everything() if opened.everything else opened,
        comments=_comments(deadline) if base else {},
    )
    return Ground(version=version, asked=asked)


def _returned(deadline: Deadline) -> Contents | None:
    """What was handed in and sent back; a workbook for it shows that and leaves the closed parts closed."""
    if deadline.state != DeadlineState.RETURNED or deadline.current_filing is None:
        return None
    return Contents.from_json(deadline.current_filing.contents)


def _comments(deadline: Deadline) -> dict[str, list[str]]:
    """What the officer asked about the returned revision and nobody dealt with, by anchor."""
    found: dict[str, list[str]] = defaultdict(list)
    asked = Comment.objects.filter(
        deadline=deadline, filing=deadline.current_filing, side=Side.DESK, answers=None, dealt_with_at=None
    )
    for comment in asked.order_by("at", "pk"):
        found[comment.anchor].append(comment.body)
    return found


def workbook(deadline: Deadline, *, language: str) -> tuple[bytes, str]:
    """The workbook of a report as it stands now, and a name for it. Raises `NotPossibleNow`."""
    ground = ground_of(deadline, language=language)
    with translation.override(language):
        data = workbook_of(ground.asked, _guide(deadline, ground.asked))
        name = name_of(deadline.grant.title, deadline.round.title, _("to-fill-in"), ending="xlsx")
    return data, name


def _guide(deadline: Deadline, asked: Asked) -> Guide:
    """The head of the first sheet, in the active language."""
    grant = deadline.grant
    general = asked.comments.get(WHOLE, ())
    pairs = [
        (pgettext("workbook", "Report"), deadline.round.title),
        (pgettext("workbook", "Project"), grant.title),
        (pgettext("workbook", "Organization"), deadline.organization.name),
        (pgettext("workbook", "Distributor"), grant.programme.distributor.name),
        (pgettext("workbook", "Due"), day_full(deadline.effective_due_on)),
        (
            pgettext("workbook", "Officer to ask"),
            gapped((grant.lead_officer.name, grant.lead_officer.email, grant.lead_officer.phone)),
        ),
        *((pgettext("workbook", "The officer writes"), words) for words in general),
    ]
    return Guide(
        title=asked.edition.title.say(asked.language),
        distributor=grant.programme.distributor.name,
        pairs=tuple(pairs),
    )


def send(
    deadline: Deadline, *, address: str, name: str, words: str, language: str, by: Actor, at: datetime
) -> None:
    """Send the workbook by mail to an address of the organization, and write down that it went.

    Answers go to the officer who sends it. Raises `NotPossibleNow` where nothing can be filed now. Holds the
    deadline's row lock.
    """
    with transaction.atomic():
        locked = lock(deadline)
        today = locked.grant.programme.distributor.local_date(at)
        if why := refusal(locked, today=today):
            raise NotPossibleNow(why)
        if locked.has_closed(today):
            raise NotPossibleNow(closing.sentence(locked))
        data, filename = workbook(locked, language=language)
        details = {"address": address, "revision": locked.last_revision}
        step(Action.WORKBOOK_SENT, locked, filing=None, before=locked.state, by=by, at=at, details=details)
        event = Event.objects.filter(deadline_id=locked.pk, action=Action.WORKBOOK_SENT).latest("pk")
        officer = Person.objects.filter(pk=by.person_id or 0).first() or locked.grant.lead_officer
        reader = Person(name=name, email=address, language=language)
        said = clean(words).strip()
        letter = workbook_letters.workbook(locked, reader=reader, officer=officer, words=said, today=today)
        enclosed = outbox.Enclosed(filename=filename, content_type=XLSX, data=data)
        post = outbox.Post(
            key=f"workbook:{event.pk}", person=reader, letter=letter, reply_to=officer.email, files=[enclosed]
        )
        outbox.put([post], kind=Kind.NOTICE, at=at)


def sent(deadline: Deadline) -> list[Event]:
    """When a workbook of this report went out, newest first."""
    return list(Event.objects.filter(deadline_id=deadline.pk, action=Action.WORKBOOK_SENT).order_by("-pk"))


def known_addresses(deadline: Deadline) -> list[tuple[str, str]]:
    """Addresses of the organization with names, the likeliest first: who sent last, to whom it went, its people."""
    organization = deadline.organization_id
    senders = OnBehalf.objects.filter(organization=organization).exclude(sender_address="").order_by("-pk")
    found = list(senders.values_list("sender_address", "sender_name")[:3])
    went = Event.objects.filter(organization_id=organization, action=Action.WORKBOOK_SENT).order_by("-pk")[:3]
    found += [(str(event.details.get("address", "")), "") for event in went]
    people = (
        Membership.objects.active().filter(organization=organization).select_related("person").order_by("pk")
    )
    found += [(one.person.email, one.person.name) for one in people]
    known: dict[str, str] = {}
    for address, name in found:
        if address:
            known[address] = known.get(address) or name
    return list(known.items())


def draft_saved_at(deadline: Deadline) -> datetime | None:
    """When the organization last saved something of its own in this report; None where it never did.

    Of a report that was sent back only what was saved since counts: before, it was what the organization handed in.
    The one thing that the desk may know of a draft (`filings_draft_saved_at`).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.filings_draft_saved_at(%s)", [deadline.pk])
        saved: datetime | None = cursor.fetchone()[0]
    returned_at = deadline.returned_at if deadline.state == DeadlineState.RETURNED else None
    return None if saved is None or (returned_at is not None and saved <= returned_at) else saved
