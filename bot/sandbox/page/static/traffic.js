"use strict";
// New records arrive by asking for them; the filter hides what does not fit.

const records = document.getElementById("records");
const nothing = document.getElementById("nothing");
const filter = document.getElementById("filter");
const badOnly = document.getElementById("bad-only");
const pause = document.getElementById("pause");
let noted = Number(document.body.dataset.noted);
const MOST = 400;

function fits(record) {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = record.dataset.words.toLowerCase();
  const direction = document.querySelector("[name=direction]:checked").value;
  return words.every((word) => text.includes(word)) &&
    (!direction || record.dataset.direction === direction) &&
    (!badOnly.checked || record.classList.contains("bad"));
}

function sift() {
  let some = false;
  for (const record of records.children) {
    record.hidden = !fits(record);
    some ||= !record.hidden;
  }
  nothing.hidden = some;
  nothing.textContent = records.children.length ? "Nothing fits the filter." : "Nothing yet.";
}

async function look() {
  if (document.hidden || pause.getAttribute("aria-pressed") === "true") return;
  const answer = await fetch(`/traffic/rows?after=${noted}`);
  if (!answer.ok) return;
  const now = Number(answer.headers.get("X-Noted"));
  const html = await answer.text();
  if (now === noted) return;
  noted = now;
  records.insertAdjacentHTML("afterbegin", html);
  while (records.children.length > MOST) records.lastElementChild.remove();
  sift();
}

for (const one of [filter, badOnly, ...document.querySelectorAll("[name=direction]")]) {
  one.addEventListener("input", sift);
}
pause.addEventListener("click", () => {
  const on = pause.getAttribute("aria-pressed") !== "true";
  pause.setAttribute("aria-pressed", String(on));
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
setInterval(() => look().catch(() => {}), 1000);
