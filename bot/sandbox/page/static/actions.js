"use strict";
// Buttons and menus of the page: each click sends one request to the control API.

async function clickButton(element) {
  if (!(await confirmAction(element))) return;
  if (element.dataset.url) open(element.dataset.url, "_blank", "noopener,noreferrer");
  setBusy(element, true);
  await flushInputs();
  const { feedbackKey } = element.dataset;
  await callControl("click", {
    element: elementAddress(element), ...(feedbackKey ? { feedback_key: feedbackKey } : {}),
  });
  setBusy(element, false);
}

async function chooseOverflowOption(menu, item) {
  menu.open = false;
  if (item.dataset.url) open(item.dataset.url, "_blank", "noopener,noreferrer");
  await flushInputs();
  await chooseOptions(menu, [Number(item.dataset.position)]);
}

const membershipArgs = (button) => ({ channel: page.channel, users: [button.dataset.userId] });

const CLICK_HANDLERS = {
  click: clickButton,
  close: (e) => callControl("close_modal", { all_modals: e.dataset.allModals === "1", within: 0 }),
  "advance-clock": (e) => callControl("clock", JSON.parse(e.dataset.clockChange)),
  fault: (e) => callControl("faults", e.dataset.isOn === "1"
    ? { kind: e.dataset.kind, clear: true }
    : { kind: e.dataset.kind, ...JSON.parse(e.dataset.arguments) }),
  react: (e) => callControl("react", {
    name: e.dataset.name, message_ts: e.dataset.messageTs, remove: e.dataset.remove === "1",
  }),
  invite: (e) => callControl("invite_to_channel", membershipArgs(e)),
  remove: async (e) => {
    const result = await callControl("remove_from_channel", membershipArgs(e));
    if (result.ok && e.dataset.userId === page.userId) {
      location.href = `/?${new URLSearchParams({ as: page.userId })}`;
    }
  },
  snooze: (e) => callControl("snooze", { minutes: Number(e.dataset.minutes) }),
  "clear-status": () => callControl("set_status", { text: "" }),
  delete: (e) => callControl("delete_message", { message_ts: e.dataset.messageTs }),
  shortcut: (e) => callControl("use_shortcut", {
    callback_id: e.dataset.callbackId,
    ...(e.dataset.messageTs ? { message_ts: e.dataset.messageTs } : {}),
  }),
  join: async (e) => {
    const { channel } = e.dataset;
    if ((await callControl("join_channel", { channel })).ok) {
      location.href = `/?${new URLSearchParams({ as: page.userId, in: channel })}`;
    }
  },
  edit: (e) => startEditing(e.dataset.messageTs, e.dataset.text),
  workflow: () => toast(
    "The sandbox does not run workflows.",
    "Slack would start the workflow and send nothing to the app.",
  ),
};

document.addEventListener("click", (event) => {
  const element = event.target.closest("button, li[role=option]");
  for (const menu of document.querySelectorAll("details.menu[open], details.multi[open]")) {
    const isInside = menu.contains(event.target);
    const closesMenu = event.target.closest(".item:not([data-action=fault]), .done");
    if (!isInside || closesMenu) menu.open = false;
  }
  if (!element) return;
  const external = element.closest('[data-action="external-select"]');
  if (external) clickInExternalSelect(external, element);
  else if (element.matches(".mark")) insertMarkup(element);
  else if (element.dataset.file) {
    const input = element.closest("[data-element]");
    callControl("remove_file", { element: elementAddress(input), file: element.dataset.file });
  } else if (element.matches(".item") && element.closest("[data-action=overflow]")) {
    chooseOverflowOption(element.closest("details"), element);
  } else CLICK_HANDLERS[element.dataset.action]?.(element);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open], details.multi[open]");
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});

// --- formatting buttons of rich text inputs ---

function insertMarkup(button) {
  const area = button.closest(".rich-input").querySelector("textarea");
  const mark = button.dataset.mark;
  const { selectionStart: from, selectionEnd: to, value } = area;
  const selection = value.slice(from, to);
  if (mark.endsWith(" ")) {
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n").map((line) => mark + line).join("\n");
    area.setRangeText(lines, start, to, "end");
  } else {
    area.setRangeText(mark + selection + mark, from, to, "end");
    if (!selection) area.selectionEnd = area.selectionStart = from + mark.length;
  }
  area.focus();
  scheduleInput(area, "on_character_entered", 120);
}
