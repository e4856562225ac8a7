"""A report as PDF: the first one of a process, the next ones, and the same report as a page."""

import time
from collections.abc import Callable
from typing import Any

from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import translation

from minori.documents import paper
from minori.documents.downloads import photos_of
from minori.documents.pdf import pdf_of
from minori.filings.models import Filing
from minori.problems import Problem
from minori.report_forms import editions
from minori.report_forms.contents import Contents

LANGUAGE = "ja"


def measure(*, repeat: int) -> dict[str, Any]:
    """Milliseconds for the report with the most rows, and ratios; of the warm runs the fastest counts.

    Every run sets a hash of its own, so that nothing but what any two reports share is found made already.
    """
    filing = Filing.objects.annotate(rows=Count("figures")).order_by("-rows", "pk").first()
    if filing is None:
        msg = "Nothing has been handed in yet, so there is nothing to measure."
        raise Problem(msg, "`minori demo` loads reports into an empty database.")
    contents = Contents.from_json(filing.contents)
    edition = editions.load(contents.edition, contents.edition_version)
    photos = photos_of(filing.organization_id, contents.attachments)

    def pdf(run: int) -> bytes:
        number = f"{run:064x}"
        return pdf_of(contents, edition=edition, language=LANGUAGE, photos=photos, filed_hash=number[::-1])

    def page(_run: int) -> str:
        with translation.override(LANGUAGE):
            shown = paper.of(contents, edition=edition, language=LANGUAGE)
            return render_to_string("documents/paper.html", {"paper": shown})

    cold = _milliseconds(pdf, 0)
    warm = min(_milliseconds(pdf, run) for run in range(1, repeat + 1))
    html = min(_milliseconds(page, run) for run in range(repeat + 1))
    return {
        "rows": len(contents.rows),
        "photos": len(photos),
        "bytes": len(pdf(0)),
        "cold_ms": round(cold, 1),
        "warm_ms": round(warm, 1),
        "page_ms": round(html, 1),
        "cold_to_warm": round(cold / warm, 2),
        "warm_to_page": round(warm / html, 2),
    }


def _milliseconds(work: Callable[[int], object], run: int) -> float:
    started = time.perf_counter()
    work(run)
    return (time.perf_counter() - started) * 1000
