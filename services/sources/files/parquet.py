"""Parquet: one table, its columns by name; 32-bit prices as they were published, not as their nearest 64-bit neighbours."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.domain.errors import BrokenPage
from services.domain.importing.grid import Cell, Grid
from services.sources.files.limits import check_size

if TYPE_CHECKING:
    import pyarrow as pa


def parquet(data: bytes, page: str) -> Grid:
    """The table; row 1 is the first under the names.

    Raises:
        BrokenPage: It is damaged, cut off, too large, or holds lists instead of values.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        opened = pq.ParquetFile(io.BytesIO(data))
        rows, width = opened.metadata.num_rows, opened.metadata.num_columns
        check_size(rows * width, rows, width, page)
        table = opened.read(use_threads=False)
        columns = tuple((name, *_cells(table.column(name), page, name)) for name in table.column_names)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BrokenPage(f"a damaged or cut-off Parquet file ({type(error).__name__})", page=page) from None
    return Grid("", range(rows + 1), columns)


def _cells(column: "pa.ChunkedArray", page: str, name: str) -> Sequence[Cell]:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise BrokenPage("holds lists or bytes where values belong", page=page, column=name)
    if pa.types.is_timestamp(kind) and kind.tz is None:
        column = column.cast(pa.timestamp("us"), safe=False)
        midnight = column.cast(pa.date32(), safe=False)
        if midnight.cast(pa.timestamp("us")).equals(column):  # days written as times
            column = midnight
    if pa.types.is_float16(kind) or pa.types.is_float32(kind):
        column = column.cast(pa.string()).cast(pa.float64())  # the shortest text that means this number
    if pa.types.is_decimal(kind):
        column = column.cast(pa.float64())
    cells: list[Cell] = column.to_pylist()
    return cells
