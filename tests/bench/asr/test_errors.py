import pytest

from bench.asr.errors import Errors, count_errors, spoken


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("欠款4,900元。", "欠款四千九百元"),
        ("编号0571", "编号零五七一"),
        ("154 0000 1003", "一百五十四零零零零一千零三"),
        ("電話 幺两 OK!", "电话一二ok"),
        ("", ""),
    ],
)
def test_texts_are_compared_as_they_are_read(text: str, read: str) -> None:
    assert spoken(text) == read


def test_each_kind_of_error_is_counted_apart() -> None:
    assert count_errors("请您今天还款", "请您今天环款吧") == Errors(said=6, insertions=1, substitutions=1)
    assert count_errors("请您今天还款", "您今天还") == Errors(said=6, deletions=2)
    assert count_errors("还款4900元", "还款，四千九百元！") == Errors(said=8 - 1)


def test_nothing_heard_is_all_deleted_and_nothing_said_has_no_rate() -> None:
    assert count_errors("喂你好", "").rate == 1.0
    assert count_errors("", "谢谢观看") == Errors(insertions=4)
    assert count_errors("", "谢谢观看").rate == 0.0


def test_errors_are_pooled_over_characters_not_over_recordings() -> None:
    pooled = count_errors("一二三四五六七八", "一二三四五六七八") + count_errors("喂你", "喂他")
    assert pooled.rate == pytest.approx(0.1)
    assert pooled.share(pooled.substitutions) == pytest.approx(0.1)
