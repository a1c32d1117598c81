"""Draws what a picture's spec says, off the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from services.domain.pictures import DayPicture, ExposurePicture, PictureSpec
from services.media.day_chart import day_chart
from services.media.exposure_chart import exposure_chart
from services.media.price_chart import price_chart


class Matplotlib:
    """Charts by matplotlib, in one thread of its own: the library is loaded with the first picture, not at start-up."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "charts")

    async def draw(self, spec: PictureSpec) -> bytes:
        """The picture as a PNG, 1080 pixels wide. Callers keep what they draw often."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, drawn, spec)


def drawn(spec: PictureSpec) -> bytes:
    """Draw at once, in this thread."""
    if isinstance(spec, ExposurePicture):
        return exposure_chart(spec)
    if isinstance(spec, DayPicture):
        return day_chart(spec)
    return price_chart(spec)
