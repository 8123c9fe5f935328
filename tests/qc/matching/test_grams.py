import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qc.matching.grams import begins
from qc.matching.grams import texts as tables

TEXT = st.text(alphabet="ab我你\n\U0001f600", max_size=12)


def places(texts: list[str], said: str) -> list[int]:
    return begins(tables(texts), np.frombuffer(said.encode("utf-32-le"), np.uint32)).tolist()


def test_where_one_of_the_texts_begins():
    assert places(["你好", "好", "你好吗"], "你好吗我好你") == [0, 1, 4]


def test_no_texts_begin_nowhere():
    assert places([], "你好") == []


@given(st.lists(TEXT.filter(bool), unique=True), TEXT)
def test_any_texts(texts: list[str], said: str):
    expected = [at for at in range(len(said)) if any(said.startswith(text, at) for text in texts)]
    assert places(texts, said) == expected
