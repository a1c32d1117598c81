"""Stopping: open chat pages do not delay it."""

import asyncio


async def test_an_open_page_does_not_delay_the_stop(house):
    socket = await house.session.ws_connect(f"{house.url}/chat/ws?key=page-0000000000001")
    await socket.send_json({"type": "hello"})
    assert (await socket.receive_json())["type"] == "welcome"
    reader = asyncio.create_task(read_on(socket))
    started = asyncio.get_running_loop().time()
    await house.runner.cleanup()
    assert asyncio.get_running_loop().time() - started < 5
    assert await reader == 1001


async def test_a_page_that_sleeps_does_not_delay_the_stop(house):
    socket = await house.session.ws_connect(f"{house.url}/chat/ws?key=page-0000000000002")
    assert house.world.webchat.watching == 1
    started = asyncio.get_running_loop().time()
    await house.runner.cleanup()  # nobody reads the goodbye
    assert asyncio.get_running_loop().time() - started < 5
    await socket.close()


async def read_on(socket):
    async for _ in socket:
        pass
    return socket.close_code
