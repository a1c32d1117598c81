"""A text is read block by block: where a block ends makes no difference, nor how the lines end."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import BrokenPage
from services.sources.files import separated as room
from services.sources.files.separated import separated

CELLS = st.text("ab1é\u2028 ", min_size=1, max_size=3).filter(str.strip)


@contextmanager
def blocks(rows: int) -> Iterator[None]:
    whole = room.BLOCK, room.MOST_KNOWN
    room.BLOCK, room.MOST_KNOWN = rows, 2
    try:
        yield
    finally:
        room.BLOCK, room.MOST_KNOWN = whole


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 4),
)
def test_the_rows_come_back_by_column_whatever_their_length(rows: list[list[str]], end: str, many: int):
    text = end.join(",".join(row) for row in rows) + end
    with blocks(many):
        found = separated(text.encode(), "prices.csv")
    assert found.columns == tuple(zip_longest(*([cell.lstrip(" ") for cell in row] for row in rows)))
    assert list(found.lines) == list(range(1, len(rows) + 1))


def test_the_number_of_a_row_is_that_of_its_last_line():
    with blocks(2):
        found = separated(b'a,b\n\n"1\r\n2",3\n\r\n4,5', "prices.csv")
    assert (list(found.lines), found.columns) == ([1, 4, 6], (("a", "1\r\n2", "4"), ("b", "3", "5")))


def test_a_last_line_that_is_cut_off_is_told_by_its_row():
    with blocks(2), pytest.raises(BrokenPage, match="cut off") as broken:
        separated(b"a,b,c\n1,2,3\n4,5,6\n7,8", "prices.csv")
    assert broken.value.row == 4
