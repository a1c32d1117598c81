"""The newcomer's day in a real browser on a real bot: Hi, onboarding, X-Ray, brief, sound, reload, the 09:00 brief."""

import pytest

from tests.fakes.served import Served

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.timeout(300)]

PICTURE = (
    """async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight, image.alt] }"""
)
PLAY = """async audio => {
  audio.muted = true;
  await audio.play();
  const started = performance.now();
  while (audio.currentTime < 0.3 && performance.now() - started < 20000) await new Promise(r => setTimeout(r, 50));
  audio.pause();
  return { at: audio.currentTime, duration: audio.duration, error: audio.error && audio.error.message };
}"""


async def test_onboarding_ends_in_the_xray_picture(served, talk):
    await talk.open(served.url)
    await talk.onboard()
    picture = talk.page.locator("article.theirs .picture img").last
    await picture.wait_for()
    width, height, alt = await picture.evaluate(PICTURE)
    assert width > 500
    assert height > 300
    assert len(alt) > 20
    assert "sample data, 20 Aug 2026" in await talk.page.locator(".source").last.inner_text()


async def test_the_brief_comes_with_a_chart_and_a_voice_note_that_plays(served, talk):
    await talk.open(served.url)
    await talk.onboard()
    pictures = await talk.page.locator("article.theirs .picture img").count()
    await talk.say("brief", "Your morning brief")
    audio = talk.page.locator("article.theirs audio").last
    await audio.wait_for()
    assert await talk.page.locator("article.theirs .picture img").count() == pictures + 1
    width, _, alt = await talk.page.locator("article.theirs .picture img").last.evaluate(PICTURE)
    assert width > 500
    assert alt
    played = await audio.evaluate(PLAY)
    assert played["error"] is None
    assert played["at"] >= 0.3, "the sound really runs"
    assert 55 <= played["duration"] <= 125
    await talk.page.get_by_text("Read it").last.click()
    assert len(await talk.page.locator("article.theirs details p").last.inner_text()) > 100


async def test_a_reload_keeps_the_conversation(served, talk):
    await talk.open(served.url)
    await talk.onboard()
    await talk.say("xray", "What matters most")
    spoken = talk.page.locator("article.message .bubble")
    before = await spoken.all_inner_texts()
    await talk.page.reload()
    await talk.page.locator("article.theirs").last.wait_for()
    await spoken.nth(len(before) - 1).wait_for()
    assert await spoken.all_inner_texts() == before
    await talk.say("hi", "Welcome back")


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg/onload=alert(1)>',
        "MEBL <b onmouseover=alert(1)>40</b>, LUCK 60",
    ],
)
async def test_tags_stay_text(served, talk, typed):
    await talk.open(served.url)
    await talk.say("Hi", "Which language?")
    before = await talk.answers().count()
    await talk.page.fill("#words", typed)
    await talk.page.press("#words", "Enter")
    await talk.answers().nth(before).wait_for()
    assert await talk.page.locator("article.mine").last.locator("p").inner_text() == typed
    made = "#log script, #log svg, #log b[onmouseover], #log img[src='x']"
    assert await talk.page.locator(made).count() == 0


async def test_urdu_onboarding_runs_from_the_right(served, talk):
    await talk.open(served.url)
    await talk.say("السلام علیکم", "Which language?")
    await talk.press("اردو", "متفق")
    await talk.press("متفق ہوں", "آپ کے پاس کیا ہے")
    await talk.say("میزان بینک ۴۰٪، لکی سیمنٹ ۶۰٪", "MEBL")
    await talk.say("جی", "بریف کب آئے")
    await talk.say("صبح 9 بجے", "ایکسرے")
    answers = talk.page.locator("article.theirs p.is-urdu")
    assert await answers.count() > 4
    directions = await answers.evaluate_all("all => all.map(p => getComputedStyle(p).direction)")
    assert set(directions) == {"rtl"}
    families = await answers.last.evaluate("p => getComputedStyle(p).fontFamily")
    assert families
    width, _, alt = await talk.page.locator("article.theirs .picture img").last.evaluate(PICTURE)
    assert width > 500
    assert any("\u0600" <= letter <= "\u06ff" for letter in alt)


async def test_nothing_comes_from_elsewhere(served, talk):
    """The page asks only its own origin, and its policy would forbid anything else."""
    asked: list[str] = []
    talk.page.on("request", lambda request: asked.append(request.url))
    await talk.open(served.url)
    await talk.onboard()
    assert [url for url in asked if not url.startswith((served.url, served.url.replace("http", "ws")))] == []
    answer = await talk.page.request.get(served.url)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_the_brief_arrives_at_nine_in_the_open_page_once(own_data_dir, talk):
    """Onboarded before, the page left open over a restart: at 09:00 the brief stands there, once, and stays once."""
    server = Served(own_data_dir, now="2026-08-20T08:30:00+05:00").start()
    try:
        await talk.open(server.url)
        await talk.onboard()
        brief = talk.answers().filter(has_text="Your morning brief")
        assert await brief.count() == 0
        server.stop()
        server.start(now="2026-08-20T08:59:48+05:00")
        await talk.page.locator('#state[data-state="open"]').wait_for()
        await brief.first.wait_for(timeout=120_000)
        await talk.page.wait_for_timeout(4000)  # a second copy would come within a sweep or two
        assert await brief.count() == 1
        assert await brief.first.locator("audio").count() == 1
        assert await brief.first.locator(".foot").inner_text() == "09:00"
        await talk.page.reload()
        await brief.first.wait_for()
        assert await brief.count() == 1
        await talk.page.wait_for_load_state(
            "networkidle"
        )  # else the kill cuts its picture short, and it says so
        server.kill()
        server.start(now="2026-08-20T09:01:00+05:00")  # catching up must not tell it again
        await talk.page.locator('#state[data-state="open"]').wait_for()
        await talk.page.wait_for_timeout(6000)
        assert await brief.count() == 1
    finally:
        server.stop()
