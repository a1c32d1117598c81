"""``kill -9`` amid a broadcast, with a provider that has a bad day: each person once, or reported as unknown."""

import pytest

from tests.fakes.storm import storm

PEOPLE, KILLS = 180, 3
PATIENCE = 75.0  # seconds; a silent minute tells what Meta did not take
ON_THE_WAY = 2  # requests of which the bytes were in no program's hands at a kill, of the handful under way


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("channel", ["telegram", "twilio", "meta"])
async def test_a_broadcast_with_kills_tells_everybody_once(channel):
    """8 % of requests are throttled, refused with 5xx, or cut off before or after they were taken."""
    toll = await storm(channel, PEOPLE, kills=KILLS, faults=0.08, seed=11, patience=PATIENCE)
    assert toll.kills > 0
    assert (toll.doubled, toll.missed) == (0, 0), toll
    # What no kill made unknown was made so by a lost answer, of which there are a few in a hundred.
    assert toll.killed_unknown <= toll.flying + ON_THE_WAY * toll.kills, toll
    assert toll.unknown - toll.killed_unknown <= PEOPLE * 0.1, toll
    if channel == "twilio":
        assert toll.unknown == 0, "Twilio's list tells of every message"
