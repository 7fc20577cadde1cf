"use strict";
// What people do on the page, each as one request to the control API, as any test would send it.

const page = document.body.dataset;
const control = page.control || "/control/";

const WARNINGS = {
  types: (what) => `${(what.text || "").split(" ")[0]} failed with the error “operation_timeout”.`,
  submits: () => "We had some trouble connecting. Try again?",
};

function toast(title, detail) {
  const box = document.createElement("div");
  box.className = "toast";
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  close.className = "plain close";
  close.setAttribute("aria-label", "Dismiss");
  close.addEventListener("click", () => box.remove());
  const words = document.createElement("div");
  words.append(Object.assign(document.createElement("strong"), { textContent: title }));
  if (detail) words.append(Object.assign(document.createElement("small"), { textContent: detail }));
  box.append(words, close);
  const open = document.querySelector("dialog[open]:not(#confirm)");
  const toasts = document.getElementById("toasts");
  if (open) open.append(toasts); // only what is in an open dialog can be seen and read
  toasts.append(box);
  setTimeout(() => box.remove(), 12000);
}

function warn(deed, what, told) {
  if (told.error === "not_acknowledged") {
    const words = WARNINGS[deed] ? WARNINGS[deed](what) : "⚠ This app is not responding.";
    toast(words, told.message);
  } else if (!(deed === "submits" && told.error === "rejected")) {
    toast("That did not work.", told.message);
  }
}

async function send(path, options) {
  try {
    const response = await fetch(path, { method: "POST", ...options });
    return await response.json();
  } catch {
    return { ok: false, error: "gone", message: "The sandbox does not answer any more." };
  }
}

async function ask(deed, what = {}) {
  const told = await send(control + deed, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: page.as, ...what }),
  });
  if (!told.ok) warn(deed, what, told);
  document.dispatchEvent(new CustomEvent("told", { detail: { deed, what, told } }));
  return told;
}

async function upload(file, where) {
  const query = new URLSearchParams({ as: page.as, name: file.name, ...where });
  const told = await send(`${control}uploads?${query}`, { body: file });
  if (!told.ok) warn("uploads", {}, told);
  document.dispatchEvent(new CustomEvent("told", { detail: { deed: "uploads", what: where, told } }));
  return told;
}

const at = (element) => JSON.parse(element.dataset.at);

function busy(element, is) {
  element.toggleAttribute("data-busy", is);
  if (is) element.setAttribute("aria-busy", "true");
  else element.removeAttribute("aria-busy");
}

// --- confirmation ---

function confirmed(element) {
  const dialog = document.getElementById("confirm");
  if (!element.dataset.confirm || !dialog) return Promise.resolve(true);
  const asked = JSON.parse(element.dataset.confirm);
  dialog.querySelector("h2").innerHTML = asked.title;
  dialog.querySelector("#confirm-text").innerHTML = asked.text;
  dialog.querySelector("#confirm-deny").textContent = asked.deny;
  const yes = dialog.querySelector("#confirm-yes");
  yes.textContent = asked.confirm;
  yes.className = `button ${asked.style}`;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (element.isConnected) element.focus();
      resolve(dialog.returnValue === "confirm");
    }, { once: true });
  });
}

// --- typing ---

const waiting = new Map();

function put(element, occasion) {
  clearTimeout(waiting.get(element));
  waiting.delete(element);
  const version = element.dirty;
  element.queue = (element.queue || Promise.resolve()).then(async () => {
    await ask("fills", { at: at(element), value: element.value, occasion });
    if (element.dirty === version) element.dirty = 0;
  });
  return element.queue;
}

function putSoon(element, occasion, delay) {
  element.dirty = (element.dirty || 0) + 1;
  clearTimeout(waiting.get(element));
  waiting.set(element, setTimeout(() => put(element, occasion), delay));
}

const occasionOf = (element) => (element.dataset.do === "type" ? "typed" : "settled");

async function flush() {
  for (const open of document.querySelectorAll("details.multi[open]")) open.open = false;
  await Promise.all([...waiting.keys()].map((element) => put(element, occasionOf(element))));
  await Promise.all([...document.querySelectorAll("[data-do=type]")].map((one) => one.queue));
  await settled;
}

let settled = Promise.resolve(); // the last thing chosen in a menu of several

function count(element) {
  const shown = element.nextElementSibling;
  if (!shown || !shown.matches(".count")) return;
  const left = Number(element.dataset.most) - element.value.length;
  const missing = Number(element.dataset.least) - element.value.length;
  shown.textContent = left < 200 ? `${left} left` : missing > 0 ? `${missing} more needed` : "";
  shown.classList.toggle("over", left < 0);
}

document.addEventListener("input", (event) => {
  const element = event.target;
  if (element.dataset.do === "type") {
    count(element);
    putSoon(element, "typed", 120);
  }
});

document.addEventListener("keydown", (event) => {
  const element = event.target;
  if (event.key !== "Enter" || element.dataset.do !== "type") return;
  const single = element.nodeName === "INPUT";
  if (!single && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  if ("enters" in element.dataset) put(element, "entered");
  else element.form?.requestSubmit();
});

// --- choosing ---

async function chosen(element, deed, what) {
  if (!(await confirmed(element))) {
    document.dispatchEvent(new CustomEvent("stale"));
    return null;
  }
  await Promise.all([...waiting.keys()].map((one) => put(one, occasionOf(one))));
  busy(element, true);
  const told = await ask(deed, what);
  busy(element, false);
  return told;
}

const checked = (group) => [...group.querySelectorAll("input:checked")].map((box) => box.value);

const CHANGES = {
  pick: (e) => chosen(e, "chooses", { at: at(e), options: e.value === "" ? [] : [Number(e.value)] }),
  name: (e) => chosen(e, "fills", { at: at(e), value: e.value || null }),
  radio: (e) => chosen(e, "chooses", { at: at(e), options: checked(e).map(Number) }),
  check: (e) => chosen(e, "chooses", { at: at(e), options: checked(e).map(Number) }),
  date: async (e) => {
    if (!e.dataset.confirm) putSoon(e, "settled", 400);
    else await chosen(e, "fills", { at: at(e), value: e.value });
  },
  file: async (e) => {
    const where = at(e);
    for (const file of [...e.files]) await upload(file, where);
    e.value = "";
  },
  share: async (e) => {
    const { channel, thread } = composing(e.form);
    for (const file of [...e.files]) await upload(file, { channel, ...(thread ? { thread } : {}) });
    e.value = "";
  },
};

document.addEventListener("change", (event) => {
  const element = event.target.closest("[data-do]");
  if (element && CHANGES[element.dataset.do]) CHANGES[element.dataset.do](element);
  const multi = event.target.closest("details.multi");
  if (multi) limit(multi);
});

document.addEventListener("focusout", (event) => {
  if (event.target.dataset?.do === "date" && waiting.has(event.target)) put(event.target, "settled");
});

function limit(multi) {
  multi.changed = true;
  const most = Number(multi.dataset.most);
  const full = most && checked(multi).length >= most;
  for (const box of multi.querySelectorAll("input")) box.disabled = Boolean(full && !box.checked);
}

document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches?.("details.menu, details.multi")) place(event.target);
}, true);

function place(menu) {
  const offered = menu.querySelector(".popover");
  delete menu.dataset.up;
  delete menu.dataset.left;
  if (!offered || getComputedStyle(offered).position === "fixed") return;
  const around = (menu.closest(".scroll, .modal-body") || document.body).getBoundingClientRect();
  const here = menu.getBoundingClientRect();
  const { bottom, right, height } = offered.getBoundingClientRect();
  const above = here.top - Math.max(around.top, 0);
  if (bottom > Math.min(around.bottom, innerHeight) && above > height) menu.dataset.up = "";
  if (right > Math.min(around.right, innerWidth)) menu.dataset.left = "";
  offered.scrollIntoView({ block: "nearest" });
}

document.addEventListener("toggle", (event) => {
  const multi = event.target;
  if (multi.open || !multi.matches?.("details.multi") || !multi.changed) return;
  multi.changed = false;
  const values = checked(multi);
  settled = multi.dataset.do === "picks"
    ? chosen(multi, "chooses", { at: at(multi), options: values.map(Number) })
    : chosen(multi, "fills", { at: at(multi), value: values });
}, true);

// --- menus that the app fills while somebody types ---

const searching = new Map();

function offer(box, told) {
  const list = box.querySelector(".listbox");
  const positions = chosenPositions(box);
  list.replaceChildren(...told.texts.map((text, position) => {
    const item = document.createElement("li");
    item.role = "option";
    item.id = `${list.id}-${position}`;
    item.dataset.position = position;
    item.textContent = text;
    item.setAttribute("aria-selected", String(positions.includes(position)));
    return item;
  }));
  showList(box.querySelector("input"), list, told.texts.length > 0);
}

function showList(input, list, is) {
  list.hidden = !is;
  input.setAttribute("aria-expanded", String(is));
  if (!is) input.removeAttribute("aria-activedescendant");
}

const chosenPositions = (box) =>
  [...box.querySelectorAll(".pill")].map((pill) => Number(pill.dataset.position));

document.addEventListener("input", (event) => {
  const box = event.target.closest('[data-do="external"]');
  if (!box) return;
  clearTimeout(searching.get(box));
  const typed = event.target.value;
  if (typed.length < Number(box.dataset.least)) return;
  searching.set(box, setTimeout(async () => {
    const told = await ask("suggests", { at: at(box), typed });
    if (told.ok) offer(box, told);
  }, 200));
});

async function take(box, position) {
  const many = box.dataset.many === "1";
  const positions = many ? [...new Set([...chosenPositions(box), position])] : [position];
  const input = box.querySelector("input");
  input.value = "";
  showList(input, box.querySelector(".listbox"), false);
  await chosen(box, "chooses", { at: at(box), options: positions });
}

function move(list, input, step) {
  const items = [...list.children].filter((item) => !item.hidden);
  if (!items.length) return;
  const now = items.findIndex((item) => item.classList.contains("active"));
  items[now]?.classList.remove("active");
  const next = items[(now + step + items.length) % items.length];
  next.classList.add("active");
  next.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", next.id);
}

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.('[data-do="external"]');
  if (!box || event.target.nodeName !== "INPUT") return;
  const list = box.querySelector(".listbox");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(list, event.target, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const active = list.querySelector(".active");
    if (active && !list.hidden) take(box, Number(active.dataset.position));
  }
});

// --- pressing ---

async function press(element) {
  if (!(await confirmed(element))) return;
  if (element.dataset.url) open(element.dataset.url, "_blank", "noopener,noreferrer");
  busy(element, true);
  await flush();
  const { half } = element.dataset;
  await ask("clicks", { at: at(element), ...(half ? { half } : {}) });
  busy(element, false);
}

async function overflow(menu, item) {
  menu.open = false;
  if (item.dataset.url) open(item.dataset.url, "_blank", "noopener,noreferrer");
  await flush();
  await chosen(menu, "chooses", { at: at(menu), options: [Number(item.dataset.position)] });
}

const PRESSES = {
  press,
  close: (e) => ask("closes", { everything: e.dataset.everything === "1", within: 0 }),
  turn: (e) => ask("clock", JSON.parse(e.dataset.turn)),
  fault: (e) => ask("faults", e.dataset.on === "1"
    ? { kind: e.dataset.kind, lift: true }
    : { kind: e.dataset.kind, ...JSON.parse(e.dataset.more) }),
  react: (e) => ask("reacts", {
    name: e.dataset.name, message: e.dataset.message, gone: e.dataset.gone === "1",
  }),
  invite: (e) => ask("invites", { channel: page.channel, people: [e.dataset.person] }),
  remove: async (e) => {
    const told = await ask("removes", { channel: page.channel, people: [e.dataset.person] });
    if (told.ok && e.dataset.person === page.as) location.href = `/?${new URLSearchParams({ as: page.as })}`;
  },
  snooze: (e) => ask("snoozes", { minutes: Number(e.dataset.minutes) }),
  "status-clear": () => ask("sets_status", { text: "" }),
  delete: (e) => ask("deletes", { message: e.dataset.message }),
  shortcut: (e) => ask("shortcuts", {
    callback_id: e.dataset.callback, ...(e.dataset.message ? { message: e.dataset.message } : {}),
  }),
  join: async (e) => {
    const { channel } = e.dataset;
    if ((await ask("joins", { channel })).ok) {
      location.href = `/?${new URLSearchParams({ as: page.as, in: channel })}`;
    }
  },
  edit: (e) => startEditing(e.dataset.message, e.dataset.text),
  workflow: () => toast("Workflows do not run here.", "Slack would start one; the app is not told."),
};

document.addEventListener("click", (event) => {
  const element = event.target.closest("button, li[role=option]");
  for (const menu of document.querySelectorAll("details.menu[open], details.multi[open]")) {
    const stays = menu.contains(event.target) && !event.target.closest(".item, .done");
    const keeps = menu.contains(event.target) && event.target.closest("[data-do=fault]");
    if (!stays && !keeps) menu.open = false;
  }
  if (!element) return;
  const external = element.closest('[data-do="external"]');
  if (element.matches(".mark")) mark(element);
  else if (external && element.matches("li")) take(external, Number(element.dataset.position));
  else if (external && element.matches(".drop")) {
    const gone = Number(element.parentElement.dataset.position);
    const left = chosenPositions(external).filter((one) => one !== gone);
    chosen(external, "chooses", { at: at(external), options: left });
  } else if (element.dataset.file) {
    ask("detaches", { at: at(element.closest("[data-at]")), file: element.dataset.file });
  } else if (element.matches(".item") && element.closest("[data-do=overflow]")) {
    overflow(element.closest("details"), element);
  } else if (PRESSES[element.dataset.do]) PRESSES[element.dataset.do](element);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open], details.multi[open]");
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});

// --- marks in rich text ---

function mark(button) {
  const area = button.closest(".rich-input").querySelector("textarea");
  const sign = button.dataset.mark;
  const { selectionStart: from, selectionEnd: to, value } = area;
  const words = value.slice(from, to);
  if (sign.endsWith(" ")) {
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n").map((line) => sign + line).join("\n");
    area.setRangeText(lines, start, to, "end");
  } else {
    area.setRangeText(sign + words + sign, from, to, "end");
    if (!words) area.selectionEnd = area.selectionStart = from + sign.length;
  }
  area.focus();
  putSoon(area, "typed", 120);
}
