"""Drawing: exact, uniform, the same for whoever draws again."""

from collections import Counter
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from qc.sampling.draw import (
    Candidate,
    allocate,
    draw,
    draw_again,
    fits,
    hash_order,
    pack_numbers,
    stratum_of,
    unpack_numbers,
)
from qc.sampling.plan import Broad, Filters, Size

CALL = Candidate(
    call_id=7, flag="flagged", seconds=75.0, source="pbx",
    team="T1", collector="A1", product="信用卡", client="东澜银行",
    direction="outbound", at=time(21, 30), band="major", rules=frozenset({"cn.threat@3"}),
    categories=frozenset({"threat"}), new_days=12,
)  # fmt: skip


def clean(number: int) -> Candidate:
    return Candidate(number, "clean", 60.0)


def test_the_order_of_a_seed_never_changes() -> None:
    """Whoever draws again in ten years gets this order: it is on record."""
    assert hash_order(range(1, 11), "seed") == hash_order(reversed(range(1, 11)), "seed")
    assert hash_order(range(1, 6), "谛听") == [3, 4, 1, 2, 5]


def test_every_call_has_the_same_chance() -> None:
    """Chi-square over 5,000 seeds: 40 calls, 8 drawn each time, so 1,000 times each is expected."""
    seen: Counter[int] = Counter()
    for seed in range(5000):
        (stratum,) = draw(map(clean, range(40)), seed=f"s{seed}", size=Size(number=8))
        seen.update(stratum.drawn)
    assert sum(seen.values()) == 40_000
    # The counts of one draw exclude each other: their variance is n·p·(1-p), not n·p.
    statistic = sum((seen[call] - 1000) ** 2 / (1000 * (1 - 8 / 40)) for call in range(40)) * 39 / 40
    assert chi2.sf(statistic, df=39) > 0.01


def test_pairs_of_calls_are_drawn_independently() -> None:
    together = sum(
        {0, 1} <= set(draw(map(clean, range(10)), seed=f"p{seed}", size=Size(number=5))[0].drawn)
        for seed in range(4000)
    )
    assert abs(together - 4000 * 5 / 10 * 4 / 9) < 3 * (4000 * 2 / 9 * 7 / 9) ** 0.5


@given(st.sets(st.integers(1, 10_000), max_size=80), st.text(max_size=8), st.integers(0, 100))
def test_a_draw_can_be_drawn_again(numbers: set[int], seed: str, wanted: int) -> None:
    size = Size(number=wanted)
    made = draw(map(clean, numbers), seed=seed, size=size)
    members = {each.name: unpack_numbers(pack_numbers(each.members)) for each in made}
    assert draw_again(members, seed=seed, size=size, allocation="proportional") == made
    assert sum(len(each.drawn) for each in made) == min(wanted, len(numbers))


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([3], "3"), ([1, 2, 3, 7], "1-3,7"), ([9, 8, 2, 2], "2,8-9")]
)
def test_numbers_are_packed(numbers: list[int], text: str) -> None:
    assert pack_numbers(numbers) == text
    assert unpack_numbers(text) == sorted(set(numbers))


@pytest.mark.parametrize(
    ("populations", "total", "proportional", "equal"),
    [
        ({"a": 600, "b": 300, "c": 100}, 10, (6, 3, 1), (4, 3, 3)),
        ({"a": 990, "b": 9, "c": 1}, 10, (8, 1, 1), (5, 4, 1)),  # nobody is left out
        ({"a": 5, "b": 5, "c": 5}, 2, (1, 1, 0), (1, 1, 0)),
        ({"a": 2, "b": 3, "c": 0}, 99, (2, 3, 0), (2, 3, 0)),
        ({"a": 4, "b": 4, "c": 4}, 0, (0, 0, 0), (0, 0, 0)),
    ],
)
def test_strata_get_their_share(populations, total, proportional, equal) -> None:
    assert tuple(allocate(populations, total, "proportional").values()) == proportional
    assert tuple(allocate(populations, total, "equal").values()) == equal


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 500), max_size=8),
    st.integers(0, 1500),
    st.sampled_from(["proportional", "equal"]),
)
def test_allocation_gives_out_exactly_what_there_is(populations, total, allocation) -> None:
    given_ = allocate(populations, total, allocation)
    assert sum(given_.values()) == min(total, sum(populations.values()))
    assert all(0 <= given_[name] <= populations[name] for name in populations)
    filled = [name for name, size in populations.items() if size]
    if total >= len(filled):
        assert all(given_[name] for name in filled)


def test_what_could_not_be_judged_is_never_clean() -> None:
    unjudged = replace(CALL, flag="unjudged", band=None)
    assert stratum_of(unjudged, ()) == "unjudged"
    assert stratum_of(unjudged, ("team", "band", "flag")) == "unjudged|team=T1"
    assert stratum_of(CALL, ("team", "band", "hour")) == "team=T1|band=major|hour=21"
    assert stratum_of(replace(CALL, at=None), ("hour", "length")) == "hour=-|length=1-3min"
    assert stratum_of(CALL, ()) == "all"
    # A share of all still looks at both.
    calls = [clean(1), clean(2), clean(3), Candidate(4, "unjudged", 1.0)]
    made = {each.name: each.drawn for each in draw(calls, seed="x", size=Size(number=2))}
    assert made["unjudged"] == (4,)
    assert len(made["all"]) == 1


@pytest.mark.parametrize(
    ("filters", "lets_in"),
    [
        ({}, True),
        ({"teams": ["T1", "T2"]}, True),
        ({"teams": ["T2"]}, False),
        ({"sources": ["pbx"]}, True),
        ({"sources": ["other"]}, False),
        ({"collectors": ["A1"], "products": ["信用卡"], "clients": ["东澜银行"]}, True),
        ({"products": ["车贷"]}, False),
        ({"direction": "inbound"}, False),
        ({"hours": "20-22"}, True),
        ({"hours": "22-8"}, False),
        ({"min_seconds": 75}, True),
        ({"max_seconds": 75}, False),
        ({"new_collector_days": 13}, True),
        ({"new_collector_days": 12}, False),
        ({"bands": ["major", "critical"]}, True),
        ({"bands": ["clean"]}, False),
        ({"categories": ["abuse", "threat"]}, True),
        ({"categories": ["abuse"]}, False),
        ({"rules": ["cn.threat"]}, True),
        ({"rules": ["cn.threat@3"]}, True),
        ({"rules": ["cn.threat@2"]}, False),
        ({"flagged": True}, True),
        ({"flagged": False}, False),
    ],
)
def test_filters(filters, lets_in) -> None:
    assert fits(Filters(**filters), CALL) is lets_in


def test_what_is_not_known_is_not_let_in_where_it_is_asked() -> None:
    bare = Candidate(1, "clean", 10.0)
    for filters in (
        {"teams": ["T1"]},
        {"hours": "8-20"},
        {"new_collector_days": 9},
        {"direction": "outbound"},
    ):
        assert not fits(Broad(**filters), bare)
    assert fits(Broad(), bare)


@pytest.mark.parametrize(
    ("size", "population", "number"),
    [
        (Size(number=20), 7, 7),
        (Size(share=0.05), 100, 5),
        (Size(share=0.05), 101, 6),
        (Size(share=0.07), 100, 7),  # not 8: 0.07 * 100 is a little more than 7 in floating point
        (Size(share=0.01, at_least=10), 100, 10),
        (Size(share=0.5, at_most=30), 100, 30),
        (Size(share=1), 0, 0),
    ],
)
def test_sizes(size, population, number) -> None:
    assert size.of(population) == number
