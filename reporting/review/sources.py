"""What a report is read from: papers and contents, now and before, and what was said about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from minori.documents.paper import Paper
from minori.filings.correction import Correction
from minori.filings.models import Comment, OpenPart
from minori.report_forms.contents import Contents
from reporting.review.numbers import Number


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What a reading is made of: a paper with its contents, now, in the last revision, in the previous round."""

    paper: Paper
    contents: Contents
    last: Paper | None = None
    last_contents: Contents | None = None
    previous: Paper | None = None
    comments: Sequence[Comment] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    opened: Mapping[str, OpenPart] = field(default_factory=dict)
    corrections: Sequence[Correction] = ()
    numbers: Mapping[UUID, tuple[Number, ...]] = field(default_factory=dict)
