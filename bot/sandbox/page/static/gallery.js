"use strict";
// The gallery: shows the payload of an action next to the example.

async function refreshExample(article) {
  const response = await fetch("/gallery");
  const updated = parseHtml(await response.text()).getElementById(article.id);
  const preview = (example) => example.querySelector(".example-preview");
  if (updated) morph(preview(article), preview(updated));
}

document.addEventListener("action-result", async ({ detail: { args, result } }) => {
  const containerId = args.element?.message_ts || args.element?.view_id;
  const article = document.querySelector(`.example[data-container-id="${containerId}"]`);
  if (!article) return;
  if (result.payload) {
    const panel = article.querySelector(".payload");
    panel.querySelector("pre").textContent = JSON.stringify(result.payload, null, 2);
    panel.hidden = false;
    panel.open = true;
    document.getElementById("announcer").textContent = `Payload sent: ${result.payload.type}`;
  }
  await refreshExample(article);
});
