"""Meta: sending against a Graph API with its own rules."""

import json
from pathlib import Path

import pytest

from services.domain.conversation import (
    Address,
    Button,
    Document,
    Picture,
    Text,
    Voice,
)
from services.domain.errors import DeliveryFailed
from tests.fakes.sender import free

OWN = Path(__file__).parents[1] / "payloads" / "meta"
HIRA = Address("meta", "PK.5511002200")


def read(meta, name):
    return meta.parse((OWN / name).read_bytes(), "application/json")


async def test_a_reply_with_everything_arrives_in_order(meta, meta_api, shelf, outbound):
    read(meta, "text.json")
    message = outbound(
        "meta", HIRA.key,
        Text("*X-Ray* of _MEBL_"), Picture(shelf.png, "by sector"), Voice(shelf.ogg, 60.0), Document(shelf.pdf),
        buttons=[Button("Why?", "explain"), Button("Menu", "help")], source="Sample data",
    )  # fmt: skip
    receipt = await meta.send(message, shelf, free)
    assert receipt.refs == ("wamid.fake0", "wamid.fake1", "wamid.fake2", "wamid.fake3")
    text, picture, voice, document = meta_api.messages
    assert text["interactive"]["body"]["text"] == "*X-Ray* of _MEBL_\n\n_Sample data_"
    assert [b["reply"]["id"] for b in text["interactive"]["action"]["buttons"]] == ["explain", "help"]
    assert (text["to"], text["recipient"]) == ("+923001112233", HIRA.key), "the number that came with it"
    assert text["biz_opaque_callback_data"] == "reply:e:0"
    assert picture["image"]["caption"] == "by sector"
    assert voice["audio"]["voice"] is True
    assert meta_api.media[voice["audio"]["id"]][1] == "audio/ogg; codecs=opus"
    assert document["document"]["filename"] == "report.pdf"


async def test_a_hidden_number_is_written_to_by_user_id_and_a_number_with_its_plus(
    meta, meta_api, shelf, outbound
):
    await meta.send(outbound("meta", HIRA.key, Text("hi")), shelf, free)
    await meta.send(outbound("meta", "923001112233", Text("hi"), key="k2"), shelf, free)
    first, second = meta_api.messages
    assert (first.get("to"), first["recipient"]) == (None, HIRA.key)
    assert (second["to"], second.get("recipient")) == ("+923001112233", None)


@pytest.mark.parametrize(
    ("titles", "kind"),
    [
        (["A", "B", "C"], "button"),
        (["A", "B", "C", "D"], "list"),
        (["A title over twenty units", "B"], "list"),
        (["Same", "Same"], "list"),
        ([f"Choice {n} with rather a long title" for n in range(13)], "list"),
    ],
)
async def test_buttons_or_a_list(meta, meta_api, shelf, outbound, titles, kind):
    buttons = [Button(title, f"press?n={n}") for n, title in enumerate(titles)]
    await meta.send(outbound("meta", HIRA.key, Text("pick"), buttons=buttons), shelf, free)
    assert meta_api.messages[0]["interactive"]["type"] == kind
    said = json.dumps(meta_api.messages[0], ensure_ascii=False)
    assert all(title in said for title in titles)


async def test_buttons_without_words_get_a_message_of_their_own(meta, meta_api, shelf, outbound):
    await meta.send(
        outbound("meta", HIRA.key, Voice(shelf.ogg, 3.0), buttons=[Button("Go", "go")]), shelf, free
    )
    assert [m["type"] for m in meta_api.messages] == ["audio", "interactive"]


async def test_a_long_text_with_buttons_goes_in_pieces(meta, meta_api, shelf, outbound):
    text = "\n\n".join(f"*Part {n}* " + "لفظ 📈 " * 60 for n in range(30))
    await meta.send(outbound("meta", HIRA.key, Text(text), buttons=[Button("Go", "go")]), shelf, free)
    assert [m["type"] for m in meta_api.messages][-1] == "interactive"
    bodies = [
        m["text"]["body"] if "text" in m else m["interactive"]["body"]["text"] for m in meta_api.messages
    ]
    said = "".join(body.rpartition("\n(")[0] for body in bodies)  # without its "(2/9)"
    assert "".join(said.split()) == "".join(text.split())


async def test_an_upload_is_used_again_and_renewed_when_it_has_expired(meta, meta_api, shelf, outbound):
    for number in range(3):
        await meta.send(outbound("meta", HIRA.key, Picture(shelf.png), key=f"k{number}"), shelf, free)
    assert meta_api.uploads == 1
    meta_api.media.clear()
    await meta.send(outbound("meta", HIRA.key, Picture(shelf.png), key="k9"), shelf, free)
    assert meta_api.uploads == 2
    assert len(meta_api.messages) == 4


async def test_a_lost_message_is_ambiguous_and_a_lost_upload_is_not(meta, meta_api, shelf, outbound):
    meta_api.next = ["hang"]
    with pytest.raises(DeliveryFailed) as failed:
        await meta.send(outbound("meta", HIRA.key, Text("hi")), shelf, free)
    assert failed.value.ambiguous
    meta_api.next = ["hang"]
    with pytest.raises(DeliveryFailed) as failed:
        await meta.send(outbound("meta", HIRA.key, Picture(shelf.png), key="k2"), shelf, free)
    assert not failed.value.ambiguous


async def test_typing_marks_as_read_and_never_raises(meta, meta_api):
    (event,) = read(meta, "text.json")
    await meta.typing(event)
    assert meta_api.reads[0]["typing_indicator"] == {"type": "text"}
    assert meta_api.reads[0]["message_id"] == "wamid.own1"
    await meta_api._server.close()
    await meta.typing(event)


async def test_a_large_file_goes_out_in_pieces(meta, meta_api, shelf, outbound):
    large = shelf.keep(b"%PDF" + b"x" * 3_000_000, "application/pdf", ".pdf", "brief.pdf")
    await meta.send(outbound("meta", HIRA.key, Document(large)), shelf, free)
    assert meta_api.media[meta_api.messages[0]["document"]["id"]] == (
        shelf.data[large.key],
        "application/pdf",
    )
