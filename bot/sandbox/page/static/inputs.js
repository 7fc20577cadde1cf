"use strict";
// Inputs and menus of blocks: each change is sent to the sandbox as it happens.

const elementAddress = (element) => JSON.parse(element.dataset.element);

function setBusy(element, isBusy) {
  element.toggleAttribute("data-busy", isBusy);
  if (isBusy) element.setAttribute("aria-busy", "true");
  else element.removeAttribute("aria-busy");
}

// --- confirmation ---

function confirmAction(element) {
  const dialog = document.getElementById("confirm");
  if (!element.dataset.confirm || !dialog) return Promise.resolve(true);
  const texts = JSON.parse(element.dataset.confirm);
  dialog.querySelector("h2").innerHTML = texts.title;
  dialog.querySelector("#confirm-text").innerHTML = texts.text;
  dialog.querySelector("#confirm-deny").textContent = texts.deny;
  const yes = dialog.querySelector("#confirm-yes");
  yes.textContent = texts.confirm;
  yes.className = `button ${texts.style}`;
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

const pendingInputs = new Map(); // input element -> timer of its next request

function sendInput(element, trigger) {
  clearTimeout(pendingInputs.get(element));
  pendingInputs.delete(element);
  const version = element.dirty;
  element.inputQueue = (element.inputQueue || Promise.resolve()).then(async () => {
    await callControl("fill", { element: elementAddress(element), value: element.value, trigger });
    if (element.dirty === version) element.dirty = 0;
  });
  return element.inputQueue;
}

function scheduleInput(element, trigger, delayMs) {
  element.dirty = (element.dirty || 0) + 1;
  clearTimeout(pendingInputs.get(element));
  pendingInputs.set(element, setTimeout(() => sendInput(element, trigger), delayMs));
}

const triggerOf = (element) =>
  element.dataset.action === "type" ? "on_character_entered" : "default";

const sendPendingInputs = () =>
  Promise.all([...pendingInputs.keys()].map((element) => sendInput(element, triggerOf(element))));

let lastSelection = Promise.resolve(); // the request for the last change of a multi-select menu

async function flushInputs() {
  for (const menu of document.querySelectorAll("details.multi[open]")) menu.open = false;
  await sendPendingInputs();
  const textInputs = [...document.querySelectorAll("[data-action=type]")];
  await Promise.all(textInputs.map((element) => element.inputQueue));
  await lastSelection;
}

const characters = (count) => `${count} character${count === 1 ? "" : "s"}`;

function updateCharacterCount(element) {
  const counter = element.nextElementSibling;
  if (!counter || !counter.matches(".count")) return;
  const left = Number(element.dataset.max) - element.value.length;
  const missing = Number(element.dataset.min) - element.value.length;
  if (left < 0) counter.textContent = `${characters(-left)} too many`;
  else if (left < 200) counter.textContent = `${characters(left)} left`;
  else if (missing > 0) counter.textContent = `${characters(missing)} missing`;
  else counter.textContent = "";
  counter.classList.toggle("over", left < 0);
}

document.addEventListener("input", (event) => {
  const element = event.target;
  if (element.dataset.action === "type") {
    updateCharacterCount(element);
    scheduleInput(element, "on_character_entered", 120);
  }
});

document.addEventListener("keydown", (event) => {
  const element = event.target;
  if (event.key !== "Enter" || element.dataset.action !== "type") return;
  const isSingleLine = element.nodeName === "INPUT";
  if (!isSingleLine && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  if ("dispatchOnEnter" in element.dataset) sendInput(element, "on_enter_pressed");
  else element.form?.requestSubmit();
});

// --- menus and choices ---

async function sendSelection(element, action, args) {
  if (!(await confirmAction(element))) {
    document.dispatchEvent(new CustomEvent("reload-page-state"));
    return null;
  }
  await sendPendingInputs();
  setBusy(element, true);
  const result = await callControl(action, args);
  setBusy(element, false);
  return result;
}

const checkedValues = (group) =>
  [...group.querySelectorAll("input:checked")].map((box) => box.value);

const chooseOptions = (element, options) =>
  sendSelection(element, "choose", { element: elementAddress(element), options });

const fillInput = (element, value) =>
  sendSelection(element, "fill", { element: elementAddress(element), value });

const CHANGE_HANDLERS = {
  "select-option": (e) => chooseOptions(e, e.value === "" ? [] : [Number(e.value)]),
  "select-entity": (e) => fillInput(e, e.value || null),
  "choose-radio": (e) => chooseOptions(e, checkedValues(e).map(Number)),
  "check-options": (e) => chooseOptions(e, checkedValues(e).map(Number)),
  date: async (e) => {
    if (!e.dataset.confirm) scheduleInput(e, "default", 400);
    else await fillInput(e, e.value);
  },
  file: async (e) => {
    const target = elementAddress(e);
    for (const file of [...e.files]) await uploadFile(file, target);
    e.value = "";
  },
  share: async (e) => {
    for (const file of [...e.files]) await uploadFile(file, composerTarget(e.form));
    e.value = "";
  },
};

document.addEventListener("change", (event) => {
  const element = event.target.closest("[data-action]");
  CHANGE_HANDLERS[element?.dataset.action]?.(element);
  const multi = event.target.closest("details.multi");
  if (multi) enforceMaxSelected(multi);
});

document.addEventListener("focusout", (event) => {
  const element = event.target;
  const isDate = element.dataset?.action === "date";
  if (isDate && pendingInputs.has(element)) sendInput(element, "default");
});

function enforceMaxSelected(multi) {
  multi.changed = true;
  const max = Number(multi.dataset.max);
  const isFull = max && checkedValues(multi).length >= max;
  for (const box of multi.querySelectorAll("input")) box.disabled = Boolean(isFull && !box.checked);
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (menu.open && menu.matches?.("details.menu, details.multi")) positionPopover(menu);
}, true);

function positionPopover(menu) {
  const popover = menu.querySelector(".popover");
  delete menu.dataset.up;
  delete menu.dataset.left;
  if (!popover || getComputedStyle(popover).position === "fixed") return;
  const bounds = (menu.closest(".scroll, .modal-body") || document.body).getBoundingClientRect();
  const menuBounds = menu.getBoundingClientRect();
  const { bottom, right, height } = popover.getBoundingClientRect();
  const spaceAbove = menuBounds.top - Math.max(bounds.top, 0);
  if (bottom > Math.min(bounds.bottom, innerHeight) && spaceAbove > height) menu.dataset.up = "";
  if (right > Math.min(bounds.right, innerWidth)) menu.dataset.left = "";
  popover.scrollIntoView({ block: "nearest" });
}

document.addEventListener("toggle", (event) => {
  const multi = event.target;
  if (multi.open || !multi.matches?.("details.multi") || !multi.changed) return;
  multi.changed = false;
  const values = checkedValues(multi);
  lastSelection = multi.dataset.action === "select-options"
    ? chooseOptions(multi, values.map(Number))
    : fillInput(multi, values);
}, true);

// --- external menus: the app returns the options ---

const searchTimers = new Map();

function showSuggestions(box, texts) {
  const list = box.querySelector(".listbox");
  const positions = selectedPositions(box);
  list.replaceChildren(...texts.map((text, position) => {
    const item = document.createElement("li");
    item.role = "option";
    item.id = `${list.id}-${position}`;
    item.dataset.position = position;
    item.textContent = text;
    item.setAttribute("aria-selected", String(positions.includes(position)));
    return item;
  }));
  toggleListbox(box.querySelector("input"), list, texts.length > 0);
}

function toggleListbox(input, list, isOpen) {
  list.hidden = !isOpen;
  input.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) input.removeAttribute("aria-activedescendant");
}

const selectedPositions = (box) =>
  [...box.querySelectorAll(".pill")].map((pill) => Number(pill.dataset.position));

document.addEventListener("input", (event) => {
  const box = event.target.closest('[data-action="external-select"]');
  if (!box) return;
  clearTimeout(searchTimers.get(box));
  const query = event.target.value;
  if (query.length < Number(box.dataset.min)) return;
  searchTimers.set(box, setTimeout(async () => {
    const result = await callControl("suggest_options", { element: elementAddress(box), query });
    if (result.ok) showSuggestions(box, result.texts);
  }, 200));
});

async function selectSuggestion(box, position) {
  const isMultiple = box.dataset.multiple === "1";
  const positions = isMultiple ? [...new Set([...selectedPositions(box), position])] : [position];
  const input = box.querySelector("input");
  input.value = "";
  toggleListbox(input, box.querySelector(".listbox"), false);
  await chooseOptions(box, positions);
}

function clickInExternalSelect(box, element) {
  if (element.matches("li")) selectSuggestion(box, Number(element.dataset.position));
  else if (element.matches(".remove")) {
    const removed = Number(element.parentElement.dataset.position);
    chooseOptions(box, selectedPositions(box).filter((position) => position !== removed));
  }
}

function moveActive(list, input, step) {
  const items = [...list.children].filter((item) => !item.hidden);
  if (!items.length) return;
  const current = items.findIndex((item) => item.classList.contains("active"));
  items[current]?.classList.remove("active");
  const next = items[(current + step + items.length) % items.length];
  next.classList.add("active");
  next.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", next.id);
}

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.('[data-action="external-select"]');
  if (!box || event.target.nodeName !== "INPUT") return;
  const list = box.querySelector(".listbox");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    moveActive(list, event.target, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const active = list.querySelector(".active");
    if (active && !list.hidden) selectSuggestion(box, Number(active.dataset.position));
  }
});
