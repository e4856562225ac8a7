"""The form of a mail's own texts: each field is told one thing."""

from minori.mail.enums import Wording
from minori.mail.wording import LONGEST_BODY
from reporting.reminding.forms import TextForm


def test_a_text_that_is_too_long_is_not_called_missing():
    typed = {
        "ja_subject": "{報告書} {期限}",
        "ja_body": "{詳細}" + "あ" * LONGEST_BODY,
        "ja_seen": "0",
        "en_seen": "0",
    }
    form = TextForm(typed, what=next(iter(Wording)))
    assert not form.is_valid()
    (said,) = form.errors["ja_body"]
    assert "4000" in said
    assert set(form.errors) == {"ja_body"}
