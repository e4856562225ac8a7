"""How texts are folded, cut into letters and shown in excerpts."""

from hypothesis import given
from hypothesis import strategies as st

from reporting.reading import folding

TEXTS = st.text(max_size=200)


def test_one_way_of_writing_for_many():
    assert folding.fold("ＮＰＯ法人　ﾊﾞﾘｱﾌﾘｰ").text == "npo法人バリアフリー"
    assert folding.fold("⽬標の⼾数").text == "目標の戸数"
    assert folding.fold("㈱実り").text == "(株)実り"


def test_a_word_broken_over_two_lines_is_one_and_latin_words_stay_apart():
    assert folding.fold("居場\n所　づくり").text == "居場所づくり"
    assert folding.fold("Social  support\n10 人").text == "social support 10人"


def test_words_are_asked_between_spaces_and_phrases_between_quotation_marks():
    assert folding.words_of("居場所　ＮＰＯ") == ("居場所", "npo")
    assert folding.words_of("「social support」 支援") == ("social support", "支援")
    assert folding.words_of(" 　") == ()
    assert len(folding.words_of(" ".join(map(str, range(50))))) == 10


def test_every_word_of_a_text_is_among_its_letters():
    folded = folding.fold("子ども食堂の居場所を12か所開いた。").text
    letters = set(folding.tokens(folded))
    for word in ("食", "食堂", "居場所", "12か所"):
        assert set(folding.tokens_of_word(word)) <= letters
    assert not set(folding.tokens_of_word("場居")) <= letters


@given(TEXTS)
def test_letters_are_numbers_of_32_bits_each_once(text):
    letters = folding.tokens(folding.fold(text).text)
    assert letters == sorted(set(letters))
    assert all(-(2**31) <= letter < 2**31 for letter in letters)


@given(TEXTS, st.data())
def test_whatever_stands_in_a_text_is_found_in_it_and_marked(text, data):
    folded = folding.fold(text)
    assert len(folded.places) == len(folded.text)
    if not folded.text.strip():
        return
    first = data.draw(st.integers(0, len(folded.text) - 1))
    last = data.draw(st.integers(first + 1, len(folded.text)))
    word = folded.text[first:last].strip()
    if not word:
        return
    assert set(folding.tokens_of_word(word)) <= set(folding.tokens(folded.text))
    pieces = folding.marked(text, [word])
    assert "".join(piece.text for piece in pieces) == text
    assert any(piece.found for piece in pieces)


def test_an_excerpt_shows_where_the_words_stand_and_what_is_around():
    text = "あ" * 100 + "居場所" + "い" * 100 + "ＮＰＯ" + "う" * 100
    pieces = folding.excerpt(text, ("居場所", "npo"), around=5)
    assert [(piece.text, piece.found) for piece in pieces] == [
        ("…", False),
        ("ああああああ"[:5], False),
        ("居場所", True),
        ("いいいいい", False),
        ("…", False),
        ("いいいいい", False),
        ("ＮＰＯ", True),
        ("ううううう", False),
        ("…", False),
    ]


def test_an_excerpt_without_the_words_is_the_beginning():
    assert [piece.text for piece in folding.excerpt("い" * 500, ("居場所",), around=5)] == ["い" * 15, "…"]
    assert folding.excerpt("", ("居場所",)) == ()
