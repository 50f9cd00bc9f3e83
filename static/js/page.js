// Behaviour of every page: hotkeys, menus that close, forms that submit once.
import { word } from "./words.js";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
  const field = document.querySelector(`[data-hotkey="${CSS.escape(event.key)}"]`);
  if (!field) return;
  event.preventDefault();
  use(field);
});

function use(target) {
  const menu = target.matches("summary") ? target.parentElement : null;
  if (menu) menu.open = true;
  if (target.matches("button")) target.click();
  const field = menu?.querySelector("input:not([type=hidden]), select, a") ?? target;
  field.focus();
  field.select?.();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest("[data-closes]");
  const dialog = closer?.closest("dialog");
  if (dialog) {
    event.preventDefault();
    dialog.close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// A confirmed act is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("htmx:error", () => announceFailure(word("offline")));

function announceFailure(text) {
  document.querySelector(".connection-notice")?.remove();
  const notice = document.createElement("p");
  notice.className = "notice tone-wrong connection-notice";
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  document.querySelector("main")?.prepend(notice);
}
