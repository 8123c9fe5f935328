"""Posts from a CSV file: bad lines are refused by themselves, the others taken."""

import io

import pytest

from complaint_warnings.sources.evidence import venue_of
from complaint_warnings.sources.posts_file import Post, RefusedPost, read_posts
from store.errors import BadInputError

HEAD = "platform,link,posted_at,author,text,customer_id\n"


def read(text: str) -> list[Post | RefusedPost]:
    return list(read_posts(io.StringIO(text, newline=""), "posts.csv"))


def test_bad_lines_are_refused_with_line_field_and_mend_and_the_others_taken():
    lines = [
        "微博,https://e.org/1,2026-03-05T10:00:00+08:00,@a,催收打了十个电话,C1",
        "微博,https://e.org/2,2026-03-05 10:00,@a,没有时区,C1",
        ",https://e.org/3,,@a,没有平台,C1",
        "微博,https://e.org/4,,@a,  ,C1",
        "微博,太少的列",
        '知乎,,,,"多行\n内容",',
        "",
    ]
    found = read(HEAD + "\n".join(lines))
    assert [each for each in found if isinstance(each, RefusedPost)] == [
        RefusedPost(
            3,
            "posted_at",
            "the time says no zone, such as +08:00 at its end",
            "Write date, time and zone, such as 2026-03-05T10:12:00+08:00, or leave it empty.",
        ),
        RefusedPost(4, "platform", "field required", "Name where the post stands, such as 微博."),
        RefusedPost(5, "text", "field required", "Give the words of the post."),
        RefusedPost(6, "columns", "2 fields, and line 1 has 6", "Put quotes round fields that hold commas."),
    ]
    taken = [each for each in found if isinstance(each, Post)]
    assert [(each.line, each.opinion.platform, each.opinion.text) for each in taken] == [
        (2, "微博", "催收打了十个电话"),
        (8, "知乎", "多行\n内容"),
    ]
    assert taken[0].opinion.debtor.customer_id == "C1"
    assert taken[1].opinion.posted_at is None


def test_headings_may_be_chinese_with_a_mark_of_excel_before_them():
    [post] = read("\ufeff平台,链接,时间,作者,内容,案件编号\n抖音,,2026-03-05T10:00:00+08:00,甲,内容一,K-1\n")
    assert isinstance(post, Post)
    assert (post.opinion.author, post.opinion.debtor.case_id) == ("甲", "K-1")


@pytest.mark.parametrize(
    "hostile",
    [
        '=cmd|"/c calc"!A1',
        "@SUM(1)",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "<script>alert(1)</script>",
        "+1",
    ],
)
def test_formulas_and_hostile_links_are_only_text(hostile: str):
    quoted = hostile.replace('"', '""')
    [post] = read(f'{HEAD}"{quoted}","{quoted}",,"{quoted}","{quoted}","{quoted}"\n')
    assert isinstance(post, Post)
    told = post.opinion
    assert {told.platform, told.link, told.author, told.text, told.debtor.customer_id} == {hostile}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "posts_file.no_column"),
        ("link,text\n", "posts_file.no_column"),
        ("platform,text,内容\n", "posts_file.no_column"),
        ('platform,text\n微博,"open', "posts_file.unreadable"),
    ],
)
def test_a_file_without_its_columns_is_refused(text: str, code: str):
    with pytest.raises(BadInputError) as refused:
        read(text)
    assert refused.value.code == code


def test_a_file_that_is_no_text_is_refused():
    raw = io.TextIOWrapper(io.BytesIO(HEAD.encode() + b"\xff\xfe"), encoding="utf-8", newline="")
    with pytest.raises(BadInputError) as refused:
        list(read_posts(raw, "posts.csv"))
    assert refused.value.code == "posts_file.unreadable"


@pytest.mark.parametrize(
    ("platform", "venue"),
    [
        ("黑猫投诉", "complaint_platform"),
        (" 微博 ", "social"),
        ("X", "social"),
        ("财新", "media"),
        ("某论坛", "other"),
    ],
)
def test_the_kind_of_a_platform(platform: str, venue: str):
    assert venue_of(platform) == venue
