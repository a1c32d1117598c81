// The browser chat: one socket, an outgoing queue that survives a reload, and messages drawn as DOM nodes only
// (no text ever becomes markup).
"use strict";

const STATES = { connecting: "Connecting…", open: "Online", closed: "Offline – reconnecting" };
const KINDS = { typing: "typing…", recording: "recording…" };
const SHOW_TYPING_MS = 30_000;
const RETRY_MS = { first: 500, most: 15_000 };
const KEEP_OWN = 60;
const URDU = /[\u0600-\u06FF]/;

const at = (id) => document.getElementById(id);
const log = at("log");
const words = at("words");

// ---- who speaks: an unguessable key this browser made for itself

function keep(store, name, value) {
  try {
    store.setItem(name, value);
  } catch {
    // Private windows may refuse storage; the chat then lasts as long as the page.
  }
}

function kept(store, name) {
  try {
    return store.getItem(name);
  } catch {
    return null;
  }
}

function fresh() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http on a LAN has no randomUUID
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

let admin = kept(sessionStorage, "speaks-as-admin") === "yes";

function keyName() {
  return admin ? "marketbyte-admin-key" : "marketbyte-key";
}

let key = "";

function readKey() {
  key = kept(localStorage, keyName()) || (admin ? "admin-" : "") + fresh();
  keep(localStorage, keyName(), key);
}

// ---- what we said: kept for this tab only (it may hold amounts), to show after a reload and to send again

let own = [];

function ownName() {
  return "own-" + key;
}

function readOwn() {
  try {
    own = JSON.parse(kept(sessionStorage, ownName()) || "[]");
  } catch {
    own = [];
  }
}

function keepOwn() {
  own = own.slice(-KEEP_OWN);
  keep(sessionStorage, ownName(), JSON.stringify(own));
}

// ---- the socket

let socket = null;
let tries = 0;
let retryTimer = 0;
let resendTimer = 0;

function connect() {
  clearTimeout(retryTimer);
  show("connecting");
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const mine = new WebSocket(`${scheme}//${location.host}/chat/ws?key=${encodeURIComponent(key)}`);
  socket = mine;
  let opened = false;
  mine.addEventListener("open", () => {
    if (socket !== mine) return;
    opened = true;
    tries = 0;
    show("open");
    put({ type: "hello" });
    flush();
  });
  mine.addEventListener("message", (event) => {
    if (socket === mine) take(JSON.parse(event.data));
  });
  mine.addEventListener("close", () => {
    if (socket !== mine) return;
    stopTyping();
    if (admin && !opened && tries > 1) speakAs(false);
    else later();
  });
}

function later() {
  const wait = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** tries) * (0.75 + Math.random() / 2);
  tries += 1;
  show("closed");
  retryTimer = setTimeout(connect, wait);
}

function show(state) {
  // Said once a change, not once a try: the line is read aloud by screen readers.
  if (state === "connecting" && tries > 0) return;
  const line = at("state");
  line.dataset.state = state;
  if (line.textContent !== STATES[state]) line.textContent = STATES[state];
}

function put(frame) {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

function flush() {
  clearTimeout(resendTimer);
  for (const said of own) if (said.waits) put(frameOf(said));
}

function frameOf(said) {
  if (said.press) return { type: "press", id: said.id, press: said.press, title: said.text };
  return { type: "say", id: said.id, text: said.text };
}

function speakAs(asAdmin) {
  admin = asAdmin;
  keep(sessionStorage, "speaks-as-admin", admin ? "yes" : "no");
  const old = socket;
  socket = null;
  if (old) old.close();
  tries = 0;
  start();
}

// ---- what comes in

function take(frame) {
  if (frame.type === "message") arrive(frame);
  else if (frame.type === "typing") startTyping(frame.kind);
  else if (frame.type === "accepted") accepted(frame);
  else if (frame.type === "refused") refused(frame);
  else if (frame.type === "retry") resendTimer = setTimeout(flush, 3000);
  else if (frame.type === "history") redraw(frame.messages);
  else if (frame.type === "welcome") welcome(frame);
}

let serverAhead = 0; // ms; the bot may live on another day than this computer
let serverZone = 0; // minutes east of Greenwich

function welcome(frame) {
  serverAhead = Date.parse(frame.at) - Date.now();
  const zone = /([+-])(\d\d):(\d\d)$/.exec(frame.at);
  serverZone = zone ? (zone[1] === "-" ? -1 : 1) * (60 * zone[2] + 1 * zone[3]) : 0;
  at("admin-box").hidden = !frame.may_admin;
  at("admin").checked = frame.admin;
  document.body.classList.toggle("is-admin", frame.admin);
}

function arrive(frame) {
  stopTyping();
  if (document.querySelector(`[data-id="${CSS.escape(frame.id)}"]`)) return;
  const follow = nearEnd();
  append(frame.at, drawMessage(frame));
  if (follow) toEnd();
  else at("newest").hidden = false;
}

function redraw(messages) {
  const all = messages.map((frame) => ({ at: frame.at, frame }));
  for (const said of own) all.push({ at: said.at, said });
  // A stable sort: what we said stands before the answer of the same instant.
  all.sort((a, b) => moment(a) - moment(b) || (a.said ? 0 : 1) - (b.said ? 0 : 1));
  log.setAttribute("aria-busy", "true");
  for (const old of log.querySelectorAll(".message, .day")) old.remove();
  lastDay = "";
  for (const item of all) append(item.at, item.said ? drawOwn(item.said) : drawMessage(item.frame));
  log.removeAttribute("aria-busy");
  toEnd();
}

function serverTime() {
  const hours = String(Math.floor(Math.abs(serverZone) / 60)).padStart(2, "0");
  const minutes = String(Math.abs(serverZone) % 60).padStart(2, "0");
  const there = new Date(Date.now() + serverAhead + serverZone * 60_000);
  return there.toISOString().slice(0, 19) + (serverZone < 0 ? "-" : "+") + hours + ":" + minutes;
}

function moment(item) {
  return item.said && item.said.waits ? Infinity : Date.parse(item.at) || 0;
}

function accepted(frame) {
  const said = own.find((one) => one.id === frame.id);
  if (!said) return;
  said.waits = false;
  said.at = frame.at;
  keepOwn();
  foot(said, clock(frame.at), false);
}

function refused(frame) {
  const said = own.find((one) => one.id === frame.id);
  if (!said) return;
  own = own.filter((one) => one !== said);
  keepOwn();
  foot(said, "Not sent: too long", true);
}

function foot(said, text, waits) {
  const line = document.querySelector(`[data-id="${CSS.escape(said.id)}"] .foot`);
  if (!line) return;
  line.textContent = text;
  line.classList.toggle("waits", waits);
}

// ---- what goes out

function say(text, press) {
  const said = { id: fresh(), text, press: press || "", at: serverTime(), waits: true };
  own.push(said);
  keepOwn();
  append(said.at, drawOwn(said));
  toEnd();
  put(frameOf(said));
}

// ---- typing

let typingTimer = 0;

function startTyping(kind) {
  const follow = nearEnd();
  at("typing-words").textContent = "MarketByte is " + (KINDS[kind] || KINDS.typing);
  at("typing").hidden = false;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stopTyping, SHOW_TYPING_MS);
  if (follow) toEnd();
}

function stopTyping() {
  clearTimeout(typingTimer);
  at("typing").hidden = true;
}

// ---- drawing

let lastDay = "";

function append(time, node) {
  at("empty").hidden = true;
  const day = (time || "").slice(0, 10);
  if (day && day !== lastDay) {
    lastDay = day;
    log.append(make("div", "day", dayName(day)));
  }
  log.append(node);
}

function dayName(day) {
  const date = new Date(day + "T12:00:00Z");
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

function clock(time) {
  return (time || "").slice(11, 16); // in the market's own zone, as the server said it
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function drawOwn(said) {
  const node = make("article", "message mine");
  node.dataset.id = said.id;
  node.setAttribute("aria-label", "You");
  const bubble = make("div", "bubble");
  const line = make("p", "", said.text);
  line.dir = "auto";
  line.classList.toggle("is-urdu", URDU.test(said.text));
  bubble.append(line);
  node.append(bubble, make("span", said.waits ? "foot waits" : "foot", said.waits ? "Waiting to be sent" : clock(said.at)));
  return node;
}

function drawMessage(frame) {
  const node = make("article", "message theirs");
  node.dataset.id = frame.id;
  node.setAttribute("aria-label", "MarketByte");
  for (const block of frame.blocks) {
    const draw = BLOCKS[block.kind];
    if (draw) node.append(draw(block));
  }
  if (frame.sealed && frame.blocks.length === 0) {
    const bubble = make("div", "bubble");
    bubble.append(make("p", "foot", "This answer held amounts you typed; it was not kept."));
    node.append(bubble);
  }
  if (frame.source) {
    const source = make("p", "source", frame.source);
    source.dir = "auto";
    node.append(source);
  }
  if (frame.buttons.length) node.append(drawButtons(frame.buttons));
  node.append(make("span", "foot", clock(frame.at)));
  return node;
}

const BLOCKS = {
  text(block) {
    const bubble = make("div", "bubble");
    bubble.append(...paragraphs(block.text));
    return bubble;
  },
  picture(block) {
    const bubble = make("div", "bubble picture");
    const zoom = make("button", "zoom");
    zoom.type = "button";
    zoom.setAttribute("aria-label", "Open the picture large: " + (block.alt || block.caption || "chart"));
    const image = make("img");
    image.alt = block.alt || block.caption || "";
    image.src = block.url;
    image.addEventListener("load", () => stick(bubble), { once: true });
    zoom.append(image);
    zoom.addEventListener("click", () => enlarge(block));
    bubble.append(zoom);
    if (block.caption) bubble.append(...paragraphs(block.caption));
    return bubble;
  },
  voice(block) {
    const bubble = make("div", "bubble voice");
    bubble.append(make("span", "length", "Voice note, " + length(block.seconds)));
    const audio = make("audio");
    audio.controls = true;
    audio.preload = "metadata";
    audio.src = block.url;
    audio.setAttribute("aria-label", "Voice note, " + length(block.seconds));
    audio.addEventListener("play", () => pauseOthers(audio));
    bubble.append(audio);
    if (block.transcript) {
      const details = make("details");
      details.append(make("summary", "", "Read it"), ...paragraphs(block.transcript));
      bubble.append(details);
    }
    return bubble;
  },
  document(block) {
    const bubble = make("div", "bubble");
    const link = make("a", "file");
    link.href = block.url;
    link.download = block.name;
    const label = make("span");
    label.append(make("b", "", block.name), make("br"), make("small", "", size(block.size)));
    link.append(make("span", "sheet"), label);
    bubble.append(link);
    if (block.caption) bubble.append(...paragraphs(block.caption));
    return bubble;
  },
};

function drawButtons(buttons) {
  const row = make("div", "choices");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "Answers to choose from");
  for (const one of buttons) {
    const button = make("button", "choice", one.title);
    button.type = "button";
    button.dir = "auto";
    button.classList.toggle("is-urdu", URDU.test(one.title));
    button.addEventListener("click", () => {
      for (const other of row.children) other.removeAttribute("aria-pressed");
      button.setAttribute("aria-pressed", "true");
      say(one.title, one.press);
    });
    row.append(button);
  }
  return row;
}

function paragraphs(text) {
  return text.split(/\n{2,}/).map((part) => {
    const node = make("p");
    node.dir = "auto";
    node.classList.toggle("is-urdu", mostlyUrdu(part));
    part.split("\n").forEach((line, index) => {
      if (index) node.append("\n");
      node.append(...marked(line));
    });
    return node;
  });
}

function mostlyUrdu(text) {
  const urdu = text.match(/[\u0600-\u06FF]/g) || [];
  const latin = text.match(/[A-Za-z]/g) || [];
  return urdu.length > latin.length;
}

// *bold* and _italic_ around whole words, and links; the same marks that bot/channels/render.py reads.
const MARK = /(?<![\p{L}\p{N}_*])\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}_*])|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^_\s])_(?![\p{L}\p{N}_])|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/u;

function marked(text) {
  const nodes = [];
  let rest = text;
  for (let found = MARK.exec(rest); found; found = MARK.exec(rest)) {
    if (found.index) nodes.push(document.createTextNode(rest.slice(0, found.index)));
    nodes.push(markNode(found));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) nodes.push(document.createTextNode(rest));
  return nodes;
}

function markNode([, bold, italic, url]) {
  if (url) {
    const link = make("a", "", url);
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }
  const node = make(bold ? "strong" : "em");
  node.append(...marked(bold || italic));
  return node;
}

function length(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function size(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function pauseOthers(playing) {
  for (const audio of log.querySelectorAll("audio")) if (audio !== playing) audio.pause();
}

// ---- scrolling

function nearEnd() {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  at("newest").hidden = true;
}

function stick(bubble) {
  // A picture that arrives late pushes its message down; follow it if it is among the last.
  const end = log.scrollHeight - log.scrollTop - log.clientHeight;
  if (end < bubble.offsetHeight + 160) toEnd();
}

// ---- the large picture

function enlarge(block) {
  const image = at("large");
  image.src = block.url;
  image.alt = block.alt || block.caption || "";
  at("viewer").showModal();
}

at("viewer").addEventListener("click", (event) => {
  if (event.target === at("viewer")) at("viewer").close();
});

// ---- the box to write in

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  words.value = "";
  say(text);
  words.focus();
});

words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at("form").requestSubmit();
  }
});

at("hi").addEventListener("click", () => say(at("hi").textContent));
at("newest").addEventListener("click", toEnd);
at("admin").addEventListener("change", (event) => speakAs(event.target.checked));
log.addEventListener("scroll", () => {
  if (nearEnd()) at("newest").hidden = true;
});
addEventListener("online", () => {
  if (socket && socket.readyState === WebSocket.CLOSED) connect();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && socket && socket.readyState === WebSocket.CLOSED) connect();
});

function start() {
  readKey();
  readOwn();
  document.body.classList.toggle("is-admin", admin);
  redraw([]);
  if (!own.length) at("empty").hidden = false;
  connect();
}

start();
