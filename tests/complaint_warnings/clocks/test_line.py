import pytest

from complaint_warnings.clocks.line import Colleague, line_up

PEOPLE = {
    one.id: one
    for one in (
        Colleague("service", "super", True),
        Colleague("super", "head", True),
        Colleague("head", "chief", True),
        Colleague("chief", None, True),
        Colleague("lead", "chief", True),
        Colleague("alone", None, True),
        Colleague("under-gone", "gone", True),
        Colleague("gone", "head", False),
        Colleague("a", "b", True),
        Colleague("b", "a", True),
        Colleague("lost", "nobody", True),
    )
}


@pytest.mark.parametrize(
    ("holder", "never", "line"),
    [
        ("service", (), ("super", "head", "chief", "lead")),
        ("service", ("super",), ("head", "chief", "lead")),
        ("under-gone", (), ("head", "chief", "lead")),
        ("alone", (), ("lead",)),
        ("lead", (), ("chief",)),
        ("lost", (), ("lead",)),
        ("a", (), ("b", "lead")),
        ("system", (), ("lead",)),
        (None, (), ("lead",)),
        (None, ("lead",), ("deputy",)),
    ],
)
def test_a_matter_goes_up_to_the_head_of_complaint_control(
    holder: str | None, never: tuple[str, ...], line: tuple[str, ...]
):
    assert line_up(holder, PEOPLE, ["lead", "deputy"], never) == line


def test_where_the_line_goes_through_complaint_control_it_is_not_asked_twice():
    people = {"officer": Colleague("officer", "lead", True), "lead": Colleague("lead", "chief", True)}
    assert line_up("officer", people, ["deputy", "lead"]) == ("lead",)


def test_a_house_without_anybody_above_has_no_line():
    assert line_up("alone", PEOPLE, []) == ()
