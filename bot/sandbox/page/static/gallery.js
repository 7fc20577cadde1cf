"use strict";
// Shows what an app would be sent, beside the element that was used.

async function redraw(article) {
  const answer = await fetch("/gallery");
  const fresh = parsed(await answer.text()).getElementById(article.id);
  if (fresh) morph(article.querySelector(".drawn"), fresh.querySelector(".drawn"));
}

document.addEventListener("told", async ({ detail: { what, told } }) => {
  const place = what.at?.message || what.at?.view || what.view;
  const article = document.querySelector(`.example[data-place="${place}"]`);
  if (!article) return;
  if (told.payload) {
    const shown = article.querySelector(".payload");
    shown.querySelector("pre").textContent = JSON.stringify(told.payload, null, 2);
    shown.hidden = false;
    shown.open = true;
    document.getElementById("announcer").textContent = `Sent ${told.payload.type}`;
  }
  await redraw(article);
});
