"use strict";
// Turns what is on the page into new HTML, touching only what differs: who types goes on typing,
// what is focused stays focused, what is open stays open.

const kept = (element, name) =>
  /^(open|data-up|data-left)$/.test(name) && /^(DETAILS|DIALOG)$/.test(element.nodeName);
const busyWith = (element) =>
  element === document.activeElement || element.dirty || element.closest("details.multi[open]");

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function morphAttributes(from, to) {
  for (const { name, value } of [...to.attributes]) {
    if (!kept(from, name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !kept(from, name)) from.removeAttribute(name);
  }
}

function morphValue(from, to) {
  if (busyWith(from)) return;
  if (from.nodeName === "TEXTAREA") from.value = to.value;
  else if (from.nodeName === "SELECT") from.value = to.value;
  else if (from.type === "checkbox" || from.type === "radio") from.checked = to.checked;
  else if (from.nodeName === "INPUT" && from.type !== "file") from.value = to.value;
}

const alike = (one, other) =>
  one.nodeType === other.nodeType && one.nodeName === other.nodeName &&
  (one.id || "") === (other.id || "");

function morph(from, to) {
  if (!alike(from, to)) {
    from.replaceWith(to);
    return to;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return from;
  }
  if (from.hasAttribute("data-own")) return from;
  morphAttributes(from, to);
  if (from.nodeName !== "TEXTAREA") morphChildren(from, to);
  morphValue(from, to);
  return from;
}

function morphChildren(from, to) {
  const known = new Map();
  for (const child of from.children) if (child.id) known.set(child.id, child);
  const names = new Set([...to.children].map((child) => child.id));
  for (const [id, child] of known) {
    if (names.has(id)) continue;
    known.delete(id); // gone first, so that what stays need not be moved: that would lose the focus
    child.remove();
  }
  let here = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const same = wanted.id ? known.get(wanted.id) : null;
    if (same) {
      known.delete(wanted.id);
      if (same === here) here = here.nextSibling;
      else from.insertBefore(same, here);
      morph(same, wanted);
    } else if (here && alike(here, wanted)) {
      const next = here.nextSibling;
      morph(here, wanted);
      here = next;
    } else {
      from.insertBefore(wanted, here);
    }
  }
  while (here) {
    const next = here.nextSibling;
    here.remove();
    here = next;
  }
}

function morphInside(element, html) {
  const wrapper = document.createElement(element.nodeName);
  wrapper.append(parsed(html));
  morphChildren(element, wrapper);
}
