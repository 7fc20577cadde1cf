"use strict";
// The workspace itself: what changes arrives live, messages are written, modals open and close.

// --- what changes ---

const byId = (id) => document.getElementById(id);
let focusWrong = false;

function atEnd(scroller) {
  return scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
}

function announce(item) {
  if (item.dataset.author === page.name) return;
  const words = item.querySelector(".body")?.innerText.replace(/\s+/g, " ").trim().slice(0, 240);
  byId("announcer").textContent = `${item.dataset.author}: ${words}`;
}

function applyList(name, { order, html }) {
  const list = byId(name);
  if (!list) return;
  const scroller = list.closest(".scroll");
  const stick = atEnd(scroller);
  const wanted = new Set(order);
  for (const child of [...list.children]) if (!wanted.has(child.id)) child.remove();
  let here = list.firstElementChild;
  for (const id of order) {
    let item = byId(id);
    if (!item) {
      item = parsed(html[id] || "").firstElementChild;
      if (!item) continue;
      list.insertBefore(item, here);
      announce(item);
    } else {
      if (html[id]) item = morph(item, parsed(html[id]).firstElementChild);
      if (item !== here) list.insertBefore(item, here);
      else here = here.nextElementSibling;
    }
  }
  if (stick) scroller.scrollTop = scroller.scrollHeight;
}

function apply({ regions = {}, lists = {} }) {
  const before = document.activeElement;
  const message = before?.closest?.(".message");
  for (const [name, html] of Object.entries(regions)) {
    const region = byId(name);
    if (name === "modal") applyModal(region, html);
    else if (region) morphInside(region, html);
  }
  for (const [name, changes] of Object.entries(lists)) applyList(name, changes);
  if (message && document.activeElement === document.body) {
    (byId(message.id) || document.querySelector(".messages > :last-child"))?.focus();
  }
  document.querySelectorAll("textarea[data-most]").forEach(count);
}

// --- modals ---

let opener = null;

function applyModal(region, html) {
  const old = region.querySelector("dialog");
  if (!old) opener = document.activeElement;
  const message = opener?.closest?.(".message")?.id;
  byId("toasts") && document.body.append(byId("toasts"));
  morphInside(region, html);
  const dialog = region.querySelector("dialog");
  if (dialog && !dialog.open) enter(dialog);
  else if (!dialog && old) {
    const back = opener?.isConnected ? opener : byId(message);
    (back || byId("main")).focus();
  }
  showWrong();
}

function enter(dialog) {
  dialog.showModal();
  const wanted = dialog.querySelector("[data-focus]");
  const first = (wanted?.matches("div") ? wanted.querySelector("input") : wanted)
    || dialog.querySelector(".modal-body :is(input, textarea, select, summary, button)");
  (first || dialog.querySelector(".close")).focus();
}

function showWrong() {
  const wrong = focusWrong && document.querySelector("dialog [aria-invalid=true]");
  if (!wrong) return;
  focusWrong = false;
  wrong.focus();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.do !== "submit") return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (!button || button.hasAttribute("data-busy")) return;
  busy(button, true);
  await flush();
  const told = await ask("submits", { within: 0 });
  busy(button, false);
  focusWrong = told.error === "rejected" || Object.keys(told.errors || {}).length > 0;
  showWrong();
});

const SAVES = {
  status: async ({ emoji, text, minutes }) =>
    ask("sets_status", { emoji: text.trim() ? emoji : "", text: text.trim(), minutes: Number(minutes) }),
  quiet: async ({ from, to }) => ask("sets_quiet_hours", { from, to }),
};

document.addEventListener("submit", async (event) => {
  const save = SAVES[event.target.dataset.do];
  if (!save) return;
  event.preventDefault();
  await save(Object.fromEntries(new FormData(event.target)));
});

document.addEventListener("cancel", (event) => {
  if (!event.target.matches("#modal dialog")) return;
  event.preventDefault();
  ask("closes", { within: 0 });
}, true);

// --- writing ---

function composing(form) {
  return { channel: page.channel, thread: form.dataset.thread || null };
}

const draftKey = (form) => `draft ${page.as} ${page.channel} ${form.dataset.thread}`;

let editing = null;

function startEditing(ts, text) {
  editing = ts;
  const area = document.querySelector(".composer textarea");
  area.value = text;
  area.form.classList.add("editing");
  area.focus();
}

async function write(form) {
  const area = form.querySelector("textarea");
  const text = area.value.trim();
  if (!text || form.hasAttribute("data-busy")) return;
  form.setAttribute("data-busy", "");
  const { channel, thread } = composing(form);
  const told = editing
    ? await ask("edits", { message: editing, text })
    : await ask("types", { text, channel, ...(thread ? { thread } : {}) });
  form.removeAttribute("data-busy");
  if (!told.ok && told.error !== "not_acknowledged") return;
  editing = null;
  form.classList.remove("editing");
  area.value = "";
  sessionStorage.removeItem(draftKey(form));
  const scroller = form.parentElement.querySelector(".scroll");
  if (scroller) scroller.scrollTop = scroller.scrollHeight;
}

function complete(area) {
  const list = area.form.querySelector(".commands");
  const word = area.value.split(" ")[0];
  const still = area.value.startsWith("/") && !area.value.includes("\n");
  let some = false;
  for (const item of list.children) {
    const { command } = item.dataset;
    const fits = still && (area.value.includes(" ") ? command === word : command.startsWith(word));
    item.hidden = !fits;
    item.classList.toggle("active", false);
    some ||= fits;
  }
  showList(area, list, some);
}

function takeCommand(form, item) {
  const area = form.querySelector("textarea");
  area.value = `${item.dataset.command} `;
  area.focus();
  complete(area);
}

for (const form of document.querySelectorAll(".composer")) {
  const area = form.querySelector("textarea");
  const list = form.querySelector(".commands");
  area.value = sessionStorage.getItem(draftKey(form)) || "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    write(form);
  });
  area.addEventListener("input", () => {
    sessionStorage.setItem(draftKey(form), area.value);
    complete(area);
  });
  area.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    const active = list.querySelector(".active");
    if (event.isComposing) return;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(list, area, event.key === "ArrowDown" ? 1 : -1);
    } else if (open && !area.value.includes(" ") && (event.key === "Tab" || (event.key === "Enter" && active))) {
      event.preventDefault();
      takeCommand(form, active || [...list.children].find((item) => !item.hidden));
    } else if (event.key === "Escape" && (open || editing)) {
      showList(area, list, false);
      if (editing) area.value = "";
      editing = null;
      form.classList.remove("editing");
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      showList(area, list, false);
      write(form);
    }
  });
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    event.preventDefault();
    if (item) takeCommand(form, item);
  });
}

// --- files dropped into a conversation ---

const main = byId("main");
main?.addEventListener("dragover", (event) => {
  event.preventDefault();
  main.classList.add("dropping");
});
main?.addEventListener("dragleave", () => main.classList.remove("dropping"));
main?.addEventListener("drop", async (event) => {
  event.preventDefault();
  main.classList.remove("dropping");
  for (const file of event.dataTransfer.files) await upload(file, { channel: page.channel });
});

// --- people and conversations on a phone ---

const drawer = byId("drawer");
drawer?.addEventListener("click", () => {
  const is = document.body.classList.toggle("drawn");
  drawer.setAttribute("aria-expanded", String(is));
  if (is) document.querySelector("#side a")?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.classList.contains("drawn")) return;
  drawer.click();
  drawer.focus();
});

// --- live ---

let stream = null;
let fresh = false;

function connect() {
  if (stream || document.hidden) return;
  const query = new URLSearchParams({ window: page.window, ...(fresh ? { fresh: "1" } : {}) });
  stream = new EventSource(`/page/live?${query}`);
  stream.onmessage = (event) => apply(JSON.parse(event.data));
  stream.onopen = () => document.body.setAttribute("data-live", "");
  stream.onerror = () => {
    const ended = stream?.readyState === EventSource.CLOSED;
    disconnect();
    if (ended) location.reload();
    else setTimeout(connect, 1000);
  };
}

function disconnect() {
  stream?.close();
  stream = null;
  fresh = true;
  document.body.removeAttribute("data-live");
}

document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);

document.addEventListener("stale", () => {
  disconnect();
  connect();
});

const openModal = document.querySelector("#modal dialog");
if (openModal) enter(openModal);
for (const scroller of document.querySelectorAll("#scroll, #thread-scroll")) {
  scroller.scrollTop = scroller.scrollHeight;
}
connect();
if (page.channel === page.app) ask("opens", { tab: page.tab });
