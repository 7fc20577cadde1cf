"use strict";
// Requests to the control API, the same ones that tests send, and warnings when one fails.

const page = document.body.dataset;
const controlUrl = page.control || "/control/";

const TIMEOUT_WARNINGS = {
  send_message: ({ text }) => {
    const command = (text || "").split(" ")[0];
    return `${command} failed with the error “operation_timeout”.`;
  },
  submit_modal: () => "We had some trouble connecting. Try again?",
};
const DEFAULT_TIMEOUT_WARNING = () => "⚠ This app is not responding.";

function toast(title, detail) {
  const box = document.createElement("div");
  box.className = "toast";
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "plain close", textContent: "×" });
  close.setAttribute("aria-label", "Dismiss");
  close.addEventListener("click", () => box.remove());
  const text = document.createElement("div");
  text.append(Object.assign(document.createElement("strong"), { textContent: title }));
  if (detail) text.append(Object.assign(document.createElement("small"), { textContent: detail }));
  box.append(text, close);
  const dialog = document.querySelector("dialog[open]:not(#confirm)");
  const toasts = document.getElementById("toasts");
  if (dialog) dialog.append(toasts); // the rest of the page is inert while a dialog is open
  toasts.append(box);
  setTimeout(() => box.remove(), 12000);
}

function showWarning(action, args, result) {
  if (result.error === "not_acknowledged") {
    const warning = TIMEOUT_WARNINGS[action] || DEFAULT_TIMEOUT_WARNING;
    toast(warning(args), result.message);
  } else if (!(action === "submit_modal" && result.error === "rejected")) {
    toast("Action failed", result.message);
  }
}

async function postJson(path, options) {
  try {
    const response = await fetch(path, { method: "POST", ...options });
    return await response.json();
  } catch {
    const message = "The sandbox does not respond. Check that it is still running.";
    return { ok: false, error: "no_response", message };
  }
}

async function callControl(action, args = {}) {
  const result = await postJson(controlUrl + action, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: page.userId, ...args }),
  });
  if (!result.ok) showWarning(action, args, result);
  document.dispatchEvent(new CustomEvent("action-result", { detail: { action, args, result } }));
  return result;
}

async function uploadFile(file, target) {
  const query = new URLSearchParams({ as: page.userId, name: file.name, ...target });
  const result = await postJson(`${controlUrl}upload_file?${query}`, { body: file });
  if (!result.ok) showWarning("upload_file", target, result);
  document.dispatchEvent(new CustomEvent("action-result", {
    detail: { action: "upload_file", args: { element: target }, result },
  }));
  return result;
}
