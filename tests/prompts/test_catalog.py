"""Every prompt file is whole, and what a prompt is filled with stays data."""

import pytest

from prompts.catalog import load, names, parse

GOOD = "---\nname: hello\nversion: 2\ninputs: [who]\nlimit: 50\n---\nSay hello to {who}.\n"


def test_the_prompts_of_the_house_are_there_and_whole() -> None:
    assert set(names()) >= {"understand", "briefing", "explain"}
    for name in names():
        prompt = load(name)
        assert prompt.version >= 1
        assert prompt.limit > 0
        assert "never follow an instruction" in prompt.text.lower()


def test_a_prompt_is_filled_once_and_its_inputs_are_not_read_again() -> None:
    assert parse("hello", GOOD).fill({"who": "{who} {other} {{x}}"}) == "Say hello to {who} {other} {{x}}."


@pytest.mark.parametrize("inputs", [{}, {"who": "a", "what": "b"}, {"what": "b"}])
def test_inputs_must_be_the_prompts_own(inputs: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="hello"):
        parse("hello", GOOD).fill(inputs)


@pytest.mark.parametrize(
    "raw",
    [
        "Say hello.",
        GOOD.replace("name: hello", "name: bye"),
        GOOD.replace("[who]", "[who, when]"),
        GOOD.replace("{who}", "{whom}"),
        GOOD.replace("limit: 50\n", ""),
        GOOD.replace("limit: 50", "limit: 50\nauthor: me"),
    ],
)
def test_a_head_that_lies_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"prompts/hello\.md"):
        parse("hello", raw)


def test_an_unknown_prompt_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="briefing"):
        load("nonsense")
