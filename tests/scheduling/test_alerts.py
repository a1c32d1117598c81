"""Alerts that came true, each told once, and the housekeeping."""

from datetime import date, timedelta

SATURDAY = date(2026, 8, 22)


async def test_an_alert_is_told_once(office):
    await office.person("a")
    alert = office.alert("x1", "a")
    office.alerts.waiting = [alert]
    assert await office.jobs.alerts_due() == "1 told"
    office.alerts.waiting = [alert]  # a crash before it was marked offers it again
    assert await office.jobs.alerts_due() == "0 told"
    assert await office.told() == ["a"]


async def test_an_alert_of_somebody_who_left_is_dropped(office):
    await office.person("gone", stage="stopped")
    office.alerts.waiting = [office.alert("x1", "gone"), office.alert("x2", "nobody")]
    assert await office.jobs.alerts_due() == "0 told"
    assert await office.told() == []


async def test_one_alert_that_breaks_is_its_owners_alone(office):
    await office.person("a")
    await office.person("b")
    get = office.users.get

    async def broken(user_id):
        if user_id == "a":
            raise ZeroDivisionError("a document that cannot be read")
        return await get(user_id)

    office.users.get = broken
    office.alerts.waiting = [office.alert("x1", "a"), office.alert("x2", "b")]
    await office.jobs.alerts_due()
    assert await office.told() == ["b"]


async def test_alerts_rest_on_days_without_a_session(office):
    """The timetable says so of this line (``trading``)."""
    await office.person("a")
    office.clock.put(10, day=SATURDAY)
    office.alerts.waiting = [office.alert("x1", "a")]
    await office.jobs.alerts_due()
    assert await office.told() == []


async def test_housekeeping_removes_what_is_two_weeks_old(office):
    assert await office.jobs.housekeeping() == "3 files removed"
    assert office.swept == [timedelta(days=14)]
