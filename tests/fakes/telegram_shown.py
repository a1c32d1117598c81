"""What a bot puts before people on Telegram's fake: kept in one row of numbers, as private chats are, under all its rules."""

from tests.fakes.telegram_rules import Refused, check_keyboard, check_upload, parsed, units


class Shown:
    """The methods that send and edit."""

    async def _sendMessage(self, fields):  # noqa: N802
        text = parsed(fields.get("text", ""), fields.get("parse_mode"))
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            raise Refused(400, "Bad Request: message is too long")
        return self._keep(fields, "text", plain=text)

    async def _sendPhoto(self, fields):  # noqa: N802
        return self._medium(fields, "photo")

    async def _sendVoice(self, fields):  # noqa: N802
        return self._medium(fields, "voice")

    async def _sendDocument(self, fields):  # noqa: N802
        return self._medium(fields, "document")

    async def _editMessageReplyMarkup(self, fields):  # noqa: N802
        chat = self._chat(fields)
        check_keyboard(fields.get("reply_markup", {}))
        self._rate(chat)
        number, there = int(fields.get("message_id", 0)), {m["message_id"]: m for m in self.messages}
        message = there.get(number)
        if message is None or message["chat_id"] != chat:
            raise Refused(400, "Bad Request: message to edit not found")
        if message.get("reply_markup") == fields.get("reply_markup"):
            same = "specified new message content and reply markup are exactly the same as a current content"
            raise Refused(
                400, f"Bad Request: message is not modified: {same} and reply markup of the message"
            )
        message["reply_markup"] = fields.get("reply_markup")
        self.edited.append(number)
        return {"message_id": number}

    def _medium(self, fields, kind):
        caption = parsed(fields.get("caption", ""), fields.get("parse_mode"))
        if units(caption) > 1024:
            raise Refused(400, "Bad Request: message caption is too long")
        given = fields.get(kind)
        if isinstance(given, bytes):
            check_upload(kind, given)
        elif given not in self.files or not given.startswith(f"{kind}-file-{self.token.partition(':')[0]}-"):
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        kept = self._keep(fields, kind, plain=caption)  # a chat that refuses us takes no upload either
        identity = given
        if isinstance(given, bytes):
            self.uploads += 1
            identity = f"{kind}-file-{self.token.partition(':')[0]}-{self.uploads}"
            self.files[identity] = given
        file = {"file_id": identity, "file_unique_id": "u" + identity}
        return kept | (
            {"photo": [{**file, "width": 90}, {**file, "width": 900}]} if kind == "photo" else {kind: file}
        )

    def _keep(self, fields, kind, *, plain):
        chat = self._chat(fields)
        check_keyboard(fields.get("reply_markup", {}))
        self._rate(chat)
        message_id = 1000 + len(self.messages)
        about = {"chat_id": chat, "kind": kind, "plain": plain, "message_id": message_id, "at": self.clock()}
        self.messages.append({**fields, **about})
        return {"message_id": message_id, "chat": {"id": int(chat), "type": "private"}, "date": 1787203800}

    def _rate(self, chat):
        if not self.limits:
            return
        asked = [(self.rules["bot"], ""), (self.rules["group" if chat.startswith("-") else "chat"], chat)]
        for rule, key in asked:
            if rule.peek(key):
                wait = -int(-rule.hit(key) // 1)
                raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for rule, key in asked:
            rule.count(key)

    def _chat(self, fields):
        chat = str(fields.get("chat_id", ""))
        if not chat.lstrip("-").isdecimal() or chat in self.unknown:
            raise Refused(400, "Bad Request: chat not found")
        if chat in self.migrated:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, text, migrate_to_chat_id=int(self.migrated[chat]))
        for chats, why in (
            (self.blocked, "bot was blocked by the user"),
            (self.deactivated, "user is deactivated"),
            (self.kicked, "bot was kicked from the supergroup chat"),
            (self.strangers, "bot can't initiate conversation with a user"),
        ):
            if chat in chats:
                raise Refused(403, f"Forbidden: {why}")
        return chat
