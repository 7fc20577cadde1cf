"use strict";
// The workspace page: live updates, messages, modals, files and the sidebar.

const byId = (id) => document.getElementById(id);
let focusInvalid = false;

function isScrolledToEnd(scroller) {
  return scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
}

// Show the end of the conversation, but the newest message from its first line.
function scrollToNewest(scroller) {
  scroller.scrollTop = scroller.scrollHeight;
  const newest = [...scroller.querySelectorAll(".message")].pop();
  if (!newest) return;
  const above = scroller.getBoundingClientRect().top - newest.getBoundingClientRect().top;
  if (above > 0) scroller.scrollTop -= above + 8;
}

function announce(item) {
  if (item.dataset.author === page.name) return;
  const text = item.querySelector(".body")?.innerText.replace(/\s+/g, " ").trim().slice(0, 240);
  byId("announcer").textContent = `${item.dataset.author}: ${text}`;
}

function applyList(name, { order, html }) {
  const list = byId(name);
  if (!list) return;
  const scroller = list.closest(".scroll");
  const wasAtEnd = isScrolledToEnd(scroller);
  const ids = new Set(order);
  for (const child of [...list.children]) if (!ids.has(child.id)) child.remove();
  let next = list.firstElementChild;
  let hasNew = false;
  for (const id of order) {
    let item = byId(id);
    if (!item) {
      item = parseHtml(html[id] || "").firstElementChild;
      if (!item) continue;
      list.insertBefore(item, next);
      hasNew = true;
      announce(item);
    } else {
      if (html[id]) item = morph(item, parseHtml(html[id]).firstElementChild);
      if (item !== next) list.insertBefore(item, next);
      else next = next.nextElementSibling;
    }
  }
  if (wasAtEnd && hasNew) scrollToNewest(scroller);
  else if (wasAtEnd) scroller.scrollTop = scroller.scrollHeight;
}

const focusedMessage = () => document.activeElement?.closest?.(".message");

function applyUpdate({ regions = {}, lists = {} }) {
  let message = focusedMessage();
  for (const [name, html] of Object.entries(regions)) {
    const region = byId(name);
    if (name === "modal") applyModal(region, html);
    else if (region) morphInside(region, html);
  }
  message = focusedMessage() || message;  // a dialog that closed has returned the focus
  for (const [name, changes] of Object.entries(lists)) applyList(name, changes);
  if (message && document.activeElement === document.body) {
    (byId(message.id) || document.querySelector(".messages > :last-child"))?.focus();
  }
  document.querySelectorAll("textarea[data-max]").forEach(updateCharacterCount);
}

// --- modals ---

let opener = null;
let openerMessageId = "";  // the button may be gone from its message when the dialog closes

function applyModal(region, html) {
  const previous = region.querySelector("dialog");
  if (!previous) {
    opener = document.activeElement;
    openerMessageId = opener?.closest?.(".message")?.id || "";
  }
  document.body.append(byId("toasts")); // it may be inside the dialog that is about to be removed
  morphInside(region, html);
  const dialog = region.querySelector("dialog");
  if (dialog && !dialog.open) openDialog(dialog);
  else if (!dialog && previous) {
    const message = openerMessageId
      && (byId(openerMessageId) || document.querySelector(".messages > :last-child"));
    ((opener?.isConnected ? opener : message) || byId("main")).focus();
  }
  focusFirstInvalid();
}

function openDialog(dialog) {
  dialog.showModal();
  const marked = dialog.querySelector("[data-focus]");
  const first = (marked?.matches("div") ? marked.querySelector("input") : marked)
    || dialog.querySelector(".modal-body :is(input, textarea, select, summary, button)");
  (first || dialog.querySelector(".close")).focus();
}

function focusFirstInvalid() {
  const invalid = focusInvalid && document.querySelector("dialog [aria-invalid=true]");
  if (!invalid) return;
  focusInvalid = false;
  invalid.focus();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.action !== "submit") return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (!button || button.hasAttribute("data-busy")) return;
  setBusy(button, true);
  await flushInputs();
  const result = await callControl("submit_modal", { within: 0 });
  setBusy(button, false);
  focusInvalid = result.error === "rejected" || Object.keys(result.errors || {}).length > 0;
  focusFirstInvalid();
});

const FORM_HANDLERS = {
  status: (fields) => {
    const text = fields.text.trim();
    const args = { text, emoji: text && fields.emoji, minutes: Number(fields.minutes) };
    return callControl("set_status", args);
  },
  "quiet-hours": ({ from, to }) => callControl("set_quiet_hours", { from, to }),
};

document.addEventListener("submit", async (event) => {
  const handle = FORM_HANDLERS[event.target.dataset.action];
  if (!handle) return;
  event.preventDefault();
  await handle(Object.fromEntries(new FormData(event.target)));
});

document.addEventListener("cancel", (event) => {
  if (!event.target.matches("#modal dialog")) return;
  event.preventDefault();
  callControl("close_modal", { within: 0 });
}, true);

// --- composer ---

function composerTarget(form) {
  const { thread } = form.dataset;
  return { channel: page.channel, ...(thread ? { thread_ts: thread } : {}) };
}

const draftKey = (form) => `draft ${page.userId} ${page.channel} ${form.dataset.thread}`;

let editedTs = null;

function startEditing(ts, text) {
  editedTs = ts;
  const area = document.querySelector(".composer textarea");
  area.value = text;
  area.form.classList.add("editing");
  area.focus();
}

async function sendMessage(form) {
  const area = form.querySelector("textarea");
  const text = area.value.trim();
  if (!text || form.hasAttribute("data-busy")) return;
  form.setAttribute("data-busy", "");
  const result = editedTs
    ? await callControl("edit_message", { message_ts: editedTs, text })
    : await callControl("send_message", { text, ...composerTarget(form) });
  form.removeAttribute("data-busy");
  if (!result.ok && result.error !== "not_acknowledged") return;
  editedTs = null;
  form.classList.remove("editing");
  area.value = "";
  sessionStorage.removeItem(draftKey(form));
  const scroller = form.parentElement.querySelector(".scroll");
  if (scroller) scroller.scrollTop = scroller.scrollHeight;
}

function filterCommands(area) {
  const list = area.form.querySelector(".commands");
  const typedName = area.value.split(" ")[0];
  const isCommand = area.value.startsWith("/") && !area.value.includes("\n");
  let hasMatch = false;
  for (const item of list.children) {
    const { command } = item.dataset;
    const matches = isCommand
      && (area.value.includes(" ") ? command === typedName : command.startsWith(typedName));
    item.hidden = !matches;
    item.classList.toggle("active", false);
    hasMatch ||= matches;
  }
  toggleListbox(area, list, hasMatch);
}

function insertCommand(form, item) {
  const area = form.querySelector("textarea");
  area.value = `${item.dataset.command} `;
  area.focus();
  filterCommands(area);
}

const completesCommand = (key, active) => key === "Tab" || (key === "Enter" && active);

for (const form of document.querySelectorAll(".composer")) {
  const area = form.querySelector("textarea");
  const list = form.querySelector(".commands");
  area.value ||= sessionStorage.getItem(draftKey(form)) || "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendMessage(form);
  });
  area.addEventListener("input", () => {
    sessionStorage.setItem(draftKey(form), area.value);
    filterCommands(area);
  });
  area.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    const isTypingName = !area.value.includes(" ");
    const active = list.querySelector(".active");
    if (event.isComposing) return;
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      moveActive(list, area, event.key === "ArrowDown" ? 1 : -1);
    } else if (isOpen && isTypingName && completesCommand(event.key, active)) {
      event.preventDefault();
      insertCommand(form, active || [...list.children].find((item) => !item.hidden));
    } else if (event.key === "Escape" && (isOpen || editedTs)) {
      toggleListbox(area, list, false);
      if (editedTs) area.value = "";
      editedTs = null;
      form.classList.remove("editing");
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      toggleListbox(area, list, false);
      sendMessage(form);
    }
  });
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    event.preventDefault();
    if (item) insertCommand(form, item);
  });
}

// --- file drop ---

const main = byId("main");
main?.addEventListener("dragover", (event) => {
  event.preventDefault();
  main.classList.add("is-drop-target");
});
main?.addEventListener("dragleave", () => main.classList.remove("is-drop-target"));
main?.addEventListener("drop", async (event) => {
  event.preventDefault();
  main.classList.remove("is-drop-target");
  for (const file of event.dataTransfer.files) await uploadFile(file, { channel: page.channel });
});

// --- sidebar drawer on small screens ---

const drawerButton = byId("drawer-button");
drawerButton?.addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("drawer-open");
  drawerButton.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) document.querySelector("#sidebar a")?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.classList.contains("drawer-open")) return;
  drawerButton.click();
  drawerButton.focus();
});

// --- live updates ---

let stream = null;
let needsReset = false; // after a lost connection, changes may be missing

function connect() {
  if (stream || document.hidden) return;
  const query = new URLSearchParams({ session: page.session });
  if (needsReset) query.set("reset", "1");
  stream = new EventSource(`/page/live?${query}`);
  stream.onmessage = (event) => applyUpdate(JSON.parse(event.data));
  stream.onopen = () => document.body.setAttribute("data-live", "");
  stream.onerror = () => {
    const hasEnded = stream?.readyState === EventSource.CLOSED;
    disconnect();
    if (hasEnded) location.reload();
    else setTimeout(connect, 1000);
  };
}

function disconnect() {
  stream?.close();
  stream = null;
  needsReset = true;
  document.body.removeAttribute("data-live");
}

document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);

document.addEventListener("reload-page-state", () => {
  disconnect();
  connect();
});

const openModal = document.querySelector("#modal dialog");
if (openModal) openDialog(openModal);
for (const scroller of document.querySelectorAll("#scroll, #thread-scroll")) scrollToNewest(scroller);
connect();
if (page.channel === page.appDm) callControl("open_tab", { tab: page.tab });
