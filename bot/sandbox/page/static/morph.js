"use strict";
// Updates the page to new HTML and changes only what differs, so that typed text, the focus and
// open menus survive.

const isPreservedAttribute = (element, name) =>
  /^(open|data-up|data-left)$/.test(name) && /^(DETAILS|DIALOG)$/.test(element.nodeName);
const isInUse = (element) =>
  element === document.activeElement || element.dirty || element.closest("details.multi[open]");

function parseHtml(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function morphAttributes(from, to) {
  for (const { name, value } of [...to.attributes]) {
    if (isPreservedAttribute(from, name) || from.getAttribute(name) === value) continue;
    from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !isPreservedAttribute(from, name)) from.removeAttribute(name);
  }
}

function morphValue(from, to) {
  if (isInUse(from)) return;
  if (from.nodeName === "TEXTAREA") from.value = to.value;
  else if (from.nodeName === "SELECT") from.value = to.value;
  else if (from.type === "checkbox" || from.type === "radio") from.checked = to.checked;
  else if (from.nodeName === "INPUT" && from.type !== "file") from.value = to.value;
}

const isSameNode = (a, b) =>
  a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");

function morph(from, to) {
  if (!isSameNode(from, to)) {
    from.replaceWith(to);
    return to;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return from;
  }
  if (from.hasAttribute("data-preserve")) return from;
  morphAttributes(from, to);
  if (from.nodeName !== "TEXTAREA") morphChildren(from, to);
  morphValue(from, to);
  return from;
}

function morphChildren(from, to) {
  const oldChildren = new Map();
  for (const child of from.children) if (child.id) oldChildren.set(child.id, child);
  const newIds = new Set([...to.children].map((child) => child.id));
  for (const [id, child] of oldChildren) {
    if (newIds.has(id)) continue;
    // Removed first, so that the other children stay in place: a moved element loses the focus.
    oldChildren.delete(id);
    child.remove();
  }
  let current = from.firstChild;
  for (const child of [...to.childNodes]) {
    const match = child.id ? oldChildren.get(child.id) : null;
    if (match) {
      oldChildren.delete(child.id);
      if (match === current) current = current.nextSibling;
      else from.insertBefore(match, current);
      morph(match, child);
    } else if (current && isSameNode(current, child)) {
      const next = current.nextSibling;
      morph(current, child);
      current = next;
    } else {
      from.insertBefore(child, current);
    }
  }
  while (current) {
    const next = current.nextSibling;
    current.remove();
    current = next;
  }
}

function morphInside(element, html) {
  const wrapper = document.createElement(element.nodeName);
  wrapper.append(parseHtml(html));
  morphChildren(element, wrapper);
}
