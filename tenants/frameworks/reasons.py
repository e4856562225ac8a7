"""Why the changes of a draft are wanted: kept beside it, and sent with it as a change request. Inside the room."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minori.audit.trail import Actor
from minori.programmes.models import Deadline, Grant
from minori.registry import change_links, changes
from minori.registry.change_models import ChangeRequest
from minori.registry.changes import Reason
from minori.registry.enums import Party
from minori.registry.frameworks import FrameworkNotPossible
from minori.report_forms.framework import Framework
from tenants.frameworks import drafts
from tenants.frameworks.models import Draft


class ChangedMeanwhile(FrameworkNotPossible):
    """Somebody changed the draft after the person had seen it."""


def seal(framework: Framework) -> str:
    """A short sign that changes with the plan: nobody sends what they have not seen."""
    return hashlib.sha256(json.dumps(framework.to_json(), ensure_ascii=False).encode()).hexdigest()[:16]


def read(grant_id: int) -> dict[str, Reason]:
    """What has been written so far, by the changes' keys."""
    kept = Draft.objects.filter(grant_id=grant_id).values_list("reasons", flat=True).first() or {}
    return {
        key: Reason(
            reason=one.get("reason", ""),
            meaning_changed=one.get("meaning_changed", False),
            came_from=UUID(one["came_from"]) if one.get("came_from") else None,
        )
        for key, one in kept.items()
    }


def keep(grant_id: int, reasons: Mapping[str, Reason]) -> None:
    """Keep what was written, under the draft's lock; reasons of other changes stay."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(grant_id=grant_id).first()
        if draft is None:
            return
        draft.reasons |= {
            key: {
                "reason": one.reason,
                "meaning_changed": one.meaning_changed,
                "came_from": str(one.came_from) if one.came_from else "",
            }
            for key, one in reasons.items()
        }
        draft.save(update_fields=["reasons"])


def begin_from(grant: Grant, deadline: Deadline) -> None:
    """Remember the report whose change boxes the draft was begun from: the request will be linked with it."""
    Draft.objects.filter(grant_id=grant.pk).update(begun_from_id=deadline.pk)


def send(
    grant: Grant, *, reasons: Mapping[str, Reason], remark: str, seen: str, by: Actor, at: datetime
) -> ChangeRequest:
    """Apply for the changes of the draft, with a reason each (`registry.changes.send`).

    `seen` is the seal of the draft that the person read. Raises `ChangedMeanwhile` or another `FrameworkNotPossible`.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(grant_id=grant.pk).first()
        framework = drafts.read(grant.pk)
        if draft is None or framework is None or seal(framework) != seen:
            raise ChangedMeanwhile(
                _("The draft was changed while you were reading. Please look at the changes again.")
            )
        keep(grant.pk, reasons)
        request = changes.send(
            grant, framework=framework, reasons=reasons, remark=remark, party=Party.ROOM, by=by, at=at
        )
        report = grant.deadlines.filter(pk=draft.begun_from_id).first() if draft.begun_from_id else None
        if report is not None:
            change_links.link(request, report, by=by, at=at)
    return request
