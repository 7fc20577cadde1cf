"use strict";
// The traffic page: polls for new records, filters and copies them.

const records = document.getElementById("records");
const emptyNote = document.getElementById("empty");
const filter = document.getElementById("filter");
const problemsOnly = document.getElementById("problems-only");
const pause = document.getElementById("pause");
let total = Number(document.body.dataset.total);
const MAX_RECORDS = 400;

function matchesFilter(record) {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = record.dataset.searchText.toLowerCase();
  const direction = document.querySelector("[name=direction]:checked").value;
  return words.every((word) => text.includes(word)) &&
    (!direction || record.dataset.direction === direction) &&
    (!problemsOnly.checked || record.classList.contains("has-problems"));
}

function applyFilter() {
  let hasMatch = false;
  for (const record of records.children) {
    record.hidden = !matchesFilter(record);
    hasMatch ||= !record.hidden;
  }
  emptyNote.hidden = hasMatch;
  emptyNote.textContent =
    records.children.length ? "No requests match the filter." : "No requests yet.";
}

async function loadNewRecords() {
  if (document.hidden || pause.getAttribute("aria-pressed") === "true") return;
  const response = await fetch(`/traffic/rows?after=${total}`);
  if (!response.ok) return;
  const newTotal = Number(response.headers.get("X-Total-Records"));
  const html = await response.text();
  if (newTotal === total) return;
  total = newTotal;
  records.insertAdjacentHTML("afterbegin", html);
  while (records.children.length > MAX_RECORDS) records.lastElementChild.remove();
  applyFilter();
}

for (const control of [filter, problemsOnly, ...document.querySelectorAll("[name=direction]")]) {
  control.addEventListener("input", applyFilter);
}
pause.addEventListener("click", () => {
  const isPaused = pause.getAttribute("aria-pressed") !== "true";
  pause.setAttribute("aria-pressed", String(isPaused));
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.closest("section").querySelector("pre").textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(button.closest("section").querySelector("pre"));
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
});
setInterval(() => loadNewRecords().catch(() => {}), 1000);
