"""How pictures look: colours that colour-blind eyes tell apart, sizes that a 5-inch phone shows readably, spaces.

Sizes are pixels of a picture 1080 wide; a phone shows it three times smaller, so 28 here is 9 points in the hand.
The hues are those of Okabe and Ito (2008), darkened until they stand out from the paper by 4.5 to 1 or more.
"""

from typing import Final, Literal

Weight = Literal["Regular", "Medium", "SemiBold", "Bold"]

WIDTH: Final = 1080
MARGIN: Final = 56

PAPER: Final = "#FCFBF8"
CARD: Final = "#F1EFE8"
RULE: Final = "#D9D6CC"
INK: Final = "#17212F"
MUTED: Final = "#586170"
BLUE: Final = "#1F5F99"
DEEP: Final = "#153E66"
GREEN: Final = "#0B7A5B"
AMBER: Final = "#9A6700"
RED: Final = "#B8400A"
GREY: Final = "#737B87"
PALE: Final = "#DDE7F0"

TITLE: Final = 54.0
LEAST_TITLE: Final = 40.0
SUBTITLE: Final = 30.0
SECTION: Final = 36.0
LABEL: Final = 32.0
LEAST_LABEL: Final = 28.0
NOTE: Final = 27.0
FOOTER: Final = 26.0
LEADING: Final = 1.4
"""Line height as a multiple of the size: Urdu needs more air than Latin."""
